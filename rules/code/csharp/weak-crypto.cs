using System;
using System.Security.Cryptography;
using System.Text;

class Crypto
{
    void Digests(byte[] data, string password, string name)
    {
        // ruleid: csharp-weak-hash
        var first = MD5.Create();
        // ruleid: csharp-weak-hash
        var second = SHA1.HashData(data);
        // ok: csharp-weak-hash
        var third = SHA256.HashData(data);
        // ok: csharp-weak-hash
        var fourth = SHA512.Create();
        // ruleid: csharp-weak-password-hash
        var fifth = SHA256.HashData(Encoding.UTF8.GetBytes(password));
        // ruleid: csharp-weak-password-hash
        var sixth = hasher.ComputeHash(Encoding.UTF8.GetBytes(salt + user.Password));
        // ok: csharp-weak-password-hash
        var seventh = Rfc2898DeriveBytes.Pbkdf2(password, salt, 600000, HashAlgorithmName.SHA256, 32);
        // ok: csharp-weak-password-hash
        var eighth = SHA256.HashData(Encoding.UTF8.GetBytes(name));
    }

    void Ciphers()
    {
        // ruleid: csharp-weak-cipher
        var first = TripleDES.Create();
        // ruleid: csharp-weak-cipher
        aes.Mode = CipherMode.ECB;
        // ok: csharp-weak-cipher
        var third = new AesGcm(key, 16);
        // ok: csharp-weak-cipher
        aes.Mode = CipherMode.CBC;
        // ruleid: csharp-short-rsa-key
        var fifth = RSA.Create(1024);
        // ruleid: csharp-short-rsa-key
        var sixth = new RSACryptoServiceProvider(512);
        // ok: csharp-short-rsa-key
        var seventh = RSA.Create(3072);
        // ok: csharp-short-rsa-key
        var eighth = RSA.Create(2048);
    }

    void Tokens(User user)
    {
        Random random = new Random();
        // ruleid: csharp-weak-random-secret
        var token = random.Next(1000000).ToString();
        // ruleid: csharp-weak-random-secret
        user.ResetToken = Random.Shared.Next(1000000).ToString();
        // ok: csharp-weak-random-secret
        user.ApiKey = RandomNumberGenerator.GetHexString(32);
        // ok: csharp-weak-random-secret
        var delay = random.Next(10);
    }
}
