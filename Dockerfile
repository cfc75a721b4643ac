# docker build -t aniwhois . && docker run --env-file .env -v aniwhois-data:/data aniwhois
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
WORKDIR /app

# The CPU wheels first: PyPI's torch for Linux brings gigabytes of CUDA that this image never uses.
COPY requirements.txt .
RUN pip install torch==2.13.0 torchvision==0.28.0 \
        --index-url https://download.pytorch.org/whl/cpu \
    && pip install -r requirements.txt

COPY . .

# No root, and nothing writable but two folders: /cache holds what can be made again (exported
# networks, the mark of synced commands), /data the database, which cannot.
RUN useradd --create-home --uid 10001 aniwhois \
    && mkdir /cache /data && chown aniwhois /cache /data
USER aniwhois
ENV ANIWHOIS_CACHE=/cache ANIWHOIS_DATABASE_URL=sqlite:////data/aniwhois.db
VOLUME /cache /data

# The bot touches this file while it is connected (see cogs/health.py).
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import pathlib, sys, time; \
sys.exit(time.time() - pathlib.Path('/cache/alive').stat().st_mtime > 90)"]

# bot.py finishes the answers under way on SIGTERM, within the ten seconds docker gives it.
STOPSIGNAL SIGTERM
CMD ["python", "bot.py"]
