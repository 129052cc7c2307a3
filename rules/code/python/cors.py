from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask
from flask_cors import CORS

api = FastAPI()
# ruleid: python-cors-any-origin-with-credentials
api.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
# ok: python-cors-any-origin-with-credentials
api.add_middleware(CORSMiddleware, allow_origins=["https://app.example.org"], allow_credentials=True)
# ok: python-cors-any-origin-with-credentials
api.add_middleware(CORSMiddleware, allow_origins=["*"])

app = Flask(__name__)
# ruleid: python-cors-any-origin-with-credentials
CORS(app, supports_credentials=True)
# ok: python-cors-any-origin-with-credentials
CORS(app, origins=["https://app.example.org"], supports_credentials=True)
# ok: python-cors-any-origin-with-credentials
CORS(app)
