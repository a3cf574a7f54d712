using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Shared.Contracts.Nodes;

/// <summary>
/// The signature of a node on one of its requests: RFC 9421 with ECDSA on P-256, in one fixed form. Covered are
/// <see cref="CoveredComponents"/>; the parameters are the time, the node's id, the algorithm and the tag of this use. Every other form is
/// refused, so that no two readers can take one request for two. Pure.
/// </summary>
public sealed partial record RequestSignature
{
    /// <summary>The name of the header with <see cref="Input"/>.</summary>
    public const string InputHeader = "Signature-Input";

    /// <summary>The name of the header with <see cref="Signature"/>.</summary>
    public const string SignatureHeader = "Signature";

    /// <summary>The longest <see cref="Input"/>, in characters.</summary>
    public const int MaximumInputLength = 512;

    /// <summary>A signature that was made earlier or later than this, by the relay's clock, is refused.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(5);

    private const string Label = "relay=";
    private const string Algorithm = "ecdsa-p256-sha256";
    private const string Tag = "relay-node";
    private const string Components = "\"@method\" \"@path\" \"@query\"";
    private const string ComponentsAndBody = Components + " \"content-digest\"";
    private const int SignatureBytes = 64;

    private readonly byte[] _signature;

    private RequestSignature(string nodeId, DateTimeOffset created, bool coversBody, byte[] signature) =>
        (NodeId, Created, CoversBody, _signature) = (nodeId, created, coversBody, signature);

    /// <summary>The id of the node whose key signed, as it says itself: <see cref="IsValidFor"/> tells whether that is so.</summary>
    public string NodeId { get; }

    /// <summary>When it was made, by the node's clock, in whole seconds.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>True when the digest of the body is among what it covers.</summary>
    public bool CoversBody { get; }

    /// <summary>The value of the header <c>Signature-Input</c>.</summary>
    public string Input => Label + Parameters(NodeId, Created, CoversBody);

    /// <summary>The value of the header <c>Signature</c>.</summary>
    public string Signature => $"{Label}:{Convert.ToBase64String(_signature)}:";

    [GeneratedRegex("""^relay=\((?<components>[^()]*)\);created=(?<created>[0-9]{1,12});keyid="(?<keyid>[^"]*)";alg="(?<alg>[^"]*)";tag="(?<tag>[^"]*)"\z""")]
    private static partial Regex InputForm();

    /// <summary>Signs a request.</summary>
    /// <param name="nodeId">A name of <see cref="RelayName.IsValidNode"/>.</param>
    /// <param name="created">The time now, by the relay's clock as far as the node knows it.</param>
    /// <param name="key">The node's private key, on P-256. One key signs one request at a time.</param>
    /// <exception cref="ArgumentException">The id is no id of a node, or the key is on another curve.</exception>
    public static RequestSignature Create(CoveredComponents components, string nodeId, DateTimeOffset created, ECDsa key)
    {
        if (!RelayName.IsValidNode(nodeId))
        {
            throw new ArgumentException($"The id of a node has {RelayName.NodeRule}.", nameof(nodeId));
        }

        if (key.KeySize != 256)
        {
            throw new ArgumentException("The key of a node is on the curve P-256.", nameof(key));
        }

        DateTimeOffset second = DateTimeOffset.FromUnixTimeSeconds(created.ToUnixTimeSeconds());
        bool coversBody = components.ContentDigest is not null;
        byte[] signature = key.SignData(
            Base(components, Parameters(nodeId, second, coversBody)), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return new(nodeId, second, coversBody, signature);
    }

    /// <summary>Reads the two headers of a request. Accepted is what <see cref="Create"/> writes, and nothing else.</summary>
    public static Result<RequestSignature, SignatureRefusal> Read(string input, string signature)
    {
        if (input.Length > MaximumInputLength || InputForm().Match(input) is not { Success: true } match)
        {
            return new SignatureRefusal(SignatureFault.InputMalformed, "the header Signature-Input is not in the form of a node's signature");
        }

        string components = match.Groups["components"].Value;
        if (components is not (Components or ComponentsAndBody))
        {
            return new SignatureRefusal(
                SignatureFault.Components, $"a node's signature covers ({ComponentsAndBody}), without the last one for GET and HEAD");
        }

        if (match.Groups["alg"].Value != Algorithm)
        {
            return new SignatureRefusal(SignatureFault.Algorithm, $"the algorithm of a node's signature is {Algorithm}");
        }

        if (match.Groups["tag"].Value != Tag)
        {
            return new SignatureRefusal(SignatureFault.Tag, $"the tag of a node's signature is {Tag}");
        }

        string nodeId = match.Groups["keyid"].Value;
        if (!RelayName.IsValidNode(nodeId))
        {
            return new SignatureRefusal(SignatureFault.KeyId, $"the key id of a node's signature is the node's id, {RelayName.NodeRule}");
        }

        if (ReadTime(match.Groups["created"].Value) is not { } created)
        {
            return new SignatureRefusal(SignatureFault.Created, "the parameter created is not a time in seconds since 1970");
        }

        return ReadSignature(signature) is { } bytes
            ? new RequestSignature(nodeId, created, components == ComponentsAndBody, bytes)
            : new SignatureRefusal(
                SignatureFault.SignatureMalformed, "the header Signature is not one signature of 64 bytes in base64, with the label relay");
    }

    /// <summary>The bytes that were signed (RFC 9421, 2.5), for those who verify with tools of their own.</summary>
    public byte[] SignatureBase(CoveredComponents components) => Base(components, Parameters(NodeId, Created, CoversBody));

    /// <summary>The signature as tools take it: r and s in DER.</summary>
    public byte[] ToDer()
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(_signature.AsSpan(0, SignatureBytes / 2), isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(_signature.AsSpan(SignatureBytes / 2), isUnsigned: true, isBigEndian: true));
        }

        return writer.Encode();
    }

    /// <summary>True when the key made this signature on these components.</summary>
    /// <param name="key">The public key that is known of <see cref="NodeId"/>.</param>
    public bool IsValidFor(CoveredComponents components, ECDsa key) =>
        CoversBody == components.ContentDigest is not null
        && key.KeySize == 256
        && key.VerifyData(
            SignatureBase(components), _signature, HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static string Parameters(string nodeId, DateTimeOffset created, bool coversBody) => string.Create(
        CultureInfo.InvariantCulture,
        $"({(coversBody ? ComponentsAndBody : Components)});created={created.ToUnixTimeSeconds()};" +
            $"keyid=\"{nodeId}\";alg=\"{Algorithm}\";tag=\"{Tag}\"");

    /// <summary>RFC 9421, 2.5.</summary>
    private static byte[] Base(CoveredComponents components, string parameters)
    {
        StringBuilder text = new();
        text.Append("\"@method\": ").Append(components.Method).Append('\n');
        text.Append("\"@path\": ").Append(components.Path).Append('\n');
        text.Append("\"@query\": ").Append(components.Query).Append('\n');
        if (components.ContentDigest is { } digest)
        {
            text.Append("\"content-digest\": ").Append(digest).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.Append("\"@signature-params\": ").Append(parameters).ToString());
    }

    private static DateTimeOffset? ReadTime(string digits) =>
        (digits is "0" || digits[0] != '0')
        && long.Parse(digits, CultureInfo.InvariantCulture) is var seconds && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static byte[]? ReadSignature(string text)
    {
        const string Start = Label + ":";
        return text.Length <= MaximumInputLength && text.StartsWith(Start, StringComparison.Ordinal) && text.EndsWith(':')
            && text.Length > Start.Length
            ? CanonicalBase64.Decode(text[Start.Length..^1], SignatureBytes)
            : null;
    }
}
