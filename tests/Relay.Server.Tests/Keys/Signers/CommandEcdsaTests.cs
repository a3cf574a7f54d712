using System.Security.Cryptography;
using Relay.Server.Keys.Signers;
using Relay.TestKit;

namespace Relay.Server.Tests.Keys.Signers;

/// <summary>Whatever an operator's command does, the relay neither hangs nor publishes what it printed unseen.</summary>
public sealed class CommandEcdsaTests : IDisposable
{
    private static readonly byte[] Digest = SHA256.HashData("content"u8);
    private readonly TemporaryFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(DSASignatureFormat.Rfc3279DerSequence)]
    [InlineData(DSASignatureFormat.IeeeP1363FixedFieldConcatenation)]
    public void SignHash_EitherForm_Verifies(DSASignatureFormat form)
    {
        File.WriteAllBytes(_folder.Combine("signature"), _key.SignHash(Digest, form));
        using CommandEcdsa signer = Signer("cat", _folder.Combine("signature"));
        Assert.True(_key.VerifyHash(Digest, signer.SignHash(Digest)));
        Assert.True(signer.VerifyHash(Digest, signer.SignHash(Digest)));
        Assert.Equal(256, signer.KeySize);
    }

    [Fact]
    public void SignHash_AnotherKey_IsRefused()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllBytes(_folder.Combine("signature"), other.SignHash(Digest, DSASignatureFormat.Rfc3279DerSequence));
        AssertRefused("cat", _folder.Combine("signature"));
    }

    [Fact]
    public void SignHash_TrailingByte_IsRefused()
    {
        File.WriteAllBytes(_folder.Combine("signature"), [.. _key.SignHash(Digest, DSASignatureFormat.Rfc3279DerSequence), 0]);
        AssertRefused("cat", _folder.Combine("signature"));
    }

    [Fact]
    public void SignHash_EchoOfTheDigest_IsRefused() => AssertRefused("cat");

    [Fact]
    public void SignHash_NothingPrinted_IsRefused() => AssertRefused("true");

    [Fact]
    public void SignHash_CommandFails_IsRefused() => AssertRefused("sh", "-c", "echo no such slot >&2; exit 3");

    [Fact]
    public void SignHash_CommandMissing_IsRefused() => AssertRefused(_folder.Combine("missing"));

    [Fact]
    public void SignHash_EndlessOutput_IsRefused() => AssertRefused("cat", "/dev/zero");

    [Fact]
    public void SignHash_EndlessErrors_IsRefused() => AssertRefused("sh", "-c", "cat /dev/zero >&2");

    [Fact]
    public void SignHash_CommandThatNeverEnds_IsRefused() => AssertRefused("sleep", "600");

    [Fact]
    public void ExportParameters_Private_IsRefused()
    {
        using CommandEcdsa signer = Signer("true");
        Assert.Throws<SigningException>(() => signer.ExportParameters(includePrivateParameters: true));
    }

    private void AssertRefused(params string[] command)
    {
        using CommandEcdsa signer = Signer(command);
        Assert.Throws<SigningException>(() => signer.SignHash(Digest));
    }

    private CommandEcdsa Signer(params string[] command)
    {
        ECDsa publicKey = ECDsa.Create(_key.ExportParameters(includePrivateParameters: false));
        return new(publicKey, new SigningCommand(command, TimeSpan.FromSeconds(2)));
    }
}
