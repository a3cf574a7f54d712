using System.Runtime.InteropServices;

namespace Shared.Contracts.Tuf;

/// <summary>
/// Verifies Ed25519 (RFC 8032), which .NET's own library lacks, with OpenSSL 3 where the system has it: the one that .NET itself uses
/// there. Elsewhere no such signature verifies. Our relays sign with ECDSA; this is for repositories of others.
/// </summary>
internal static class Ed25519
{
    public const int KeyBytes = 32;

    /// <summary>EVP_PKEY_ED25519 of openssl/evp.h.</summary>
    private const int KeyType = 1087;

    private const string Library = "libcrypto.so.3";

    /// <summary>False where there is no OpenSSL 3.</summary>
    public static bool IsSupported { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary>True when the signature is that of the key; false also where <see cref="IsSupported"/> is.</summary>
    /// <param name="publicKey">The 32 bytes of RFC 8032.</param>
    public static bool Verifies(byte[] publicKey, byte[] signed, byte[] signature)
    {
        if (!IsSupported || publicKey.Length != KeyBytes)
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
