using System.Runtime.InteropServices;

namespace Shared.Contracts.Tuf;

/// <summary>
/// Verifies Ed25519 signatures (RFC 8032) with OpenSSL 3, the library that .NET itself uses on Linux; .NET has no Ed25519 of its own.
/// On a system without OpenSSL 3 the scheme is not supported. Our relays sign with ECDSA; foreign repositories may use Ed25519.
/// </summary>
/// <param name="isSupported">Whether the system has OpenSSL 3.</param>
internal sealed class Ed25519(bool isSupported)
{
    public const int KeyBytes = 32;

    /// <summary>EVP_PKEY_ED25519 of openssl/evp.h.</summary>
    private const int KeyType = 1087;

    private const string Library = "libcrypto.so.3";

    /// <summary>Ed25519 as this system supports it.</summary>
    public static Ed25519 System { get; } = new(NativeLibrary.TryLoad(Library, out _));

    public bool IsSupported => isSupported;

    /// <summary>True when the signature is this key's over the bytes.</summary>
    /// <param name="publicKey">The 32 bytes of RFC 8032.</param>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsSupported"/> is false.</exception>
    public bool Verifies(byte[] publicKey, byte[] signed, byte[] signature)
    {
        if (!isSupported)
        {
            throw new PlatformNotSupportedException("Ed25519 needs OpenSSL 3.");
        }

        if (publicKey.Length != KeyBytes)
        {
            return false;
        }

        nint key = NewRawPublicKey(KeyType, 0, publicKey, publicKey.Length);
        nint context = NewContext();
        try
        {
            return key != 0 && context != 0
                && DigestVerifyInit(context, 0, 0, 0, key) == 1
                && DigestVerify(context, signature, signature.Length, signed, signed.Length) == 1;
        }
        finally
        {
            FreeContext(context);
            FreeKey(key);
        }
    }

    [DllImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    private static extern nint NewRawPublicKey(int type, nint engine, byte[] key, nint length);

    [DllImport(Library, EntryPoint = "EVP_PKEY_free")]
    private static extern void FreeKey(nint key);

    [DllImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    private static extern nint NewContext();

    [DllImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    private static extern void FreeContext(nint context);

    [DllImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    private static extern int DigestVerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [DllImport(Library, EntryPoint = "EVP_DigestVerify")]
    private static extern int DigestVerify(nint context, byte[] signature, nint signatureLength, byte[] signed, nint signedLength);
}
