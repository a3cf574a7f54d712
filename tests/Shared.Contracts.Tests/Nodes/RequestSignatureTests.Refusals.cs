using System.Security.Cryptography;
using System.Text;
using Shared.Contracts.Nodes;

namespace Shared.Contracts.Tests.Nodes;

// Headers that are refused.
public sealed partial class RequestSignatureTests
{
    [Theory]
    [InlineData("", SignatureFault.InputMalformed)]
    [InlineData("node=(COVER)REST", SignatureFault.InputMalformed)]
    [InlineData("relay=(COVER)REST ", SignatureFault.InputMalformed)]
    [InlineData("relay=(COVER)REST\n", SignatureFault.InputMalformed)]
    [InlineData(" relay=(COVER)REST", SignatureFault.InputMalformed)]
    [InlineData("relay=(COVER)REST, other=(COVER)REST", SignatureFault.InputMalformed)]
    [InlineData("relay=(COVER)REST;nonce=\"1\"", SignatureFault.InputMalformed)]
    [InlineData("relay=(COVER);keyid=\"node-7\";created=1769860800;alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"", SignatureFault.InputMalformed)]
    [InlineData("relay=(COVER);created=1769860800;keyid=\"node-7\";tag=\"relay-node\"", SignatureFault.InputMalformed)]
    [InlineData("relay=(COVER);created=-1;keyid=\"node-7\";alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"", SignatureFault.InputMalformed)]
    [InlineData("relay=(COVER);created=1769860800.0;keyid=\"node-7\";alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"", SignatureFault.InputMalformed)]
    [InlineData("relay=(COVER);created=٣;keyid=\"node-7\";alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"", SignatureFault.InputMalformed)]
    [InlineData("relay=()REST", SignatureFault.Components)]
    [InlineData("relay=(\"@method\" \"@path\")REST", SignatureFault.Components)]
    [InlineData("relay=(\"@path\" \"@method\" \"@query\" \"content-digest\")REST", SignatureFault.Components)]
    [InlineData("relay=(COVER \"@authority\")REST", SignatureFault.Components)]
    [InlineData("relay=(COVER \"content-digest\")REST", SignatureFault.Components)]
    [InlineData("relay=(\"@method\"  \"@path\" \"@query\")REST", SignatureFault.Components)]
    [InlineData("relay=(COVER);created=1769860800;keyid=\"node-7\";alg=\"none\";tag=\"relay-node\"", SignatureFault.Algorithm)]
    [InlineData("relay=(COVER);created=1769860800;keyid=\"node-7\";alg=\"hmac-sha256\";tag=\"relay-node\"", SignatureFault.Algorithm)]
    [InlineData("relay=(COVER);created=1769860800;keyid=\"node-7\";alg=\"ECDSA-P256-SHA256\";tag=\"relay-node\"", SignatureFault.Algorithm)]
    [InlineData("relay=(COVER);created=1769860800;keyid=\"node-7\";alg=\"ecdsa-p256-sha256\";tag=\"relay-admin\"", SignatureFault.Tag)]
    [InlineData("relay=(COVER);created=1769860800;keyid=\"\";alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"", SignatureFault.KeyId)]
    [InlineData("relay=(COVER);created=1769860800;keyid=\"../x\";alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"", SignatureFault.KeyId)]
    [InlineData("relay=(COVER);created=1769860800;keyid=\"a\\\\b\";alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"", SignatureFault.KeyId)]
    [InlineData("relay=(COVER);created=01769860800;keyid=\"node-7\";alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"", SignatureFault.Created)]
    [InlineData("relay=(COVER);created=999999999999;keyid=\"node-7\";alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"", SignatureFault.Created)]
    [Trait("Attack", "signature-form")]
    public void Read_AnyOtherInput_IsRefused(string form, SignatureFault fault)
    {
        string input = form
            .Replace("COVER", "\"@method\" \"@path\" \"@query\" \"content-digest\"", StringComparison.Ordinal)
            .Replace("REST", ";created=1769860800;keyid=\"node-7\";alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"", StringComparison.Ordinal);

        Assert.Equal(fault, RequestSignature.Read(input, Sign(Post()).Signature).Refusal?.Fault);
    }

    [Fact]
    [Trait("Attack", "signature-form")]
    public void Read_LongInput_IsRefused()
    {
        string input = Sign(Post()).Input.Replace("node-7", new string('n', RequestSignature.MaximumInputLength), StringComparison.Ordinal);

        Assert.Equal(SignatureFault.InputMalformed, RequestSignature.Read(input, Sign(Post()).Signature).Refusal?.Fault);
        Assert.True(
            RequestSignature.Create(Post(), new string('n', 128), DateTimeOffset.MaxValue, _key).Input.Length <= RequestSignature.MaximumInputLength);
    }

    [Fact]
    [Trait("Attack", "signature-form")]
    public void Read_AnyOtherSignature_IsRefused()
    {
        RequestSignature signature = Sign(Post());
        string text = signature.Signature;
        string shorter = $"relay=:{Convert.ToBase64String(new byte[63])}:";
        string[] others =
        [
            "", "relay=", "relay=:", "relay=::", text + " ", text[..^1], text.Replace("relay", "sig1", StringComparison.Ordinal), $"{text}, {text}",
            text.Replace("==:", "=:", StringComparison.Ordinal), text.Replace("==:", ":", StringComparison.Ordinal), text.Insert(10, " "), shorter,
            $"relay=:{Convert.ToBase64String(new byte[72])}:", new string('A', 100_000),
        ];

        Assert.All(others, other => Assert.Equal(
            SignatureFault.SignatureMalformed, RequestSignature.Read(signature.Input, other).Refusal?.Fault));
    }

    [Fact]
    [Trait("Attack", "signature-form")]
    public void Read_SpareBitsOfBase64_AreRefused()
    {
        RequestSignature signature = Sign(Post());

        // The last digit before "==" has four bits that decoding drops.
        char[] digits = signature.Signature.ToCharArray();
        digits[^4] = digits[^4] is 'A' or 'Q' or 'g' or 'w' ? (char)(digits[^4] + 1) : throw new InvalidOperationException("no canonical base64");

        Assert.Equal(SignatureFault.SignatureMalformed, RequestSignature.Read(signature.Input, new string(digits)).Refusal?.Fault);
    }
}
