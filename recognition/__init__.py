"""Pictures in, who-is-where out.

No Discord, no database, no environment variables and no network in here. Importing the package
costs nothing: torch, cv2 and onnxruntime are imported by the modules that compute with them.
"""
