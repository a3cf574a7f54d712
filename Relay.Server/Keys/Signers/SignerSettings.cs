using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Json;

namespace Relay.Server.Keys.Signers;

/// <summary>Where a key is that signs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignerKind>))]
internal enum SignerKind
{
    /// <summary>In the relay's own key folder: <c>cms-signer.pem</c>.</summary>
    [JsonStringEnumMemberName("file")] File,

    /// <summary>In a PKCS#12 file, with its certificate.</summary>
    [JsonStringEnumMemberName("pkcs12")] Pkcs12,

    /// <summary>Where a command can reach it: an HSM, a key management service.</summary>
    [JsonStringEnumMemberName("command")] Command,
}

/// <summary>A file that says where a key is: <c>signer.json</c> in the data folder for the key that signs models, without which the relay signs with
/// its own key and no time stamps, and one for each key of metadata that a command signs with.</summary>
internal sealed record SignerSettings
{
    private const int DefaultTimeoutSeconds = 10;
    private const int MaximumTimeoutSeconds = 300;

    public SignerKind Kind { get; init; }

    /// <summary>The PKCS#12 file.</summary>
    public string? File { get; init; }

    /// <summary>A file whose first line is the password of <see cref="File"/>; null: it has none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>PEM of the certificate whose key the command signs with, then of those between it and the root.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM of the public key that the command signs with, for a key that has no certificate.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The program and its arguments. It reads the digest, 32 bytes, from standard input or as hex in place of
    /// <c>{digest}</c>, and writes the ECDSA signature to standard output, in DER or as 64 raw bytes.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Seconds that the command may take.</summary>
    // The serializer's generated code sets members that the JSON omits to 0, and not to the property's initializer.
    public int TimeoutSeconds { get; init => field = value == 0 ? DefaultTimeoutSeconds : value; } = DefaultTimeoutSeconds;

    /// <summary>The HTTP address of a time-stamp authority (RFC 3161); null: no time stamps.</summary>
    public Uri? TimestampAuthority { get; init; }

    /// <summary>PEM of the roots of time-stamp authorities, for nodes to pin; null: nodes keep tokens and do not check them.</summary>
    public string? TimestampAnchors { get; init; }

    /// <summary>Reads the file; file names in it are relative to its folder.</summary>
    /// <exception cref="SigningException">It is not as described here.</exception>
    public static SignerSettings Read(string path)
    {
        if (!System.IO.File.Exists(path))
        {
            return new();
        }

        SignerSettings settings;
        try
        {
            settings = JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(path), SignerSettingsJson.Default.SignerSettings)
                ?? throw new JsonException("null");
        }
        catch (JsonException malformed)
        {
            throw new SigningException($"'{path}' is not a signer's settings: {JsonErrorText.Describe(malformed)}", malformed);
        }

        if (settings.FindError() is { } error)
        {
            throw new SigningException($"'{path}' is not a signer's settings: {error}.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string? At(string? file) => file is null ? null : Path.Combine(folder, file);
        return settings with
        {
            File = At(settings.File),
            PasswordFile = At(settings.PasswordFile),
            Certificate = At(settings.Certificate),
            PublicKey = At(settings.PublicKey),
            TimestampAnchors = At(settings.TimestampAnchors),
        };
    }

    private string? FindError() =>
        Kind == SignerKind.Pkcs12 != (File is not null) ? "'file' goes with kind pkcs12, and must be there"
        : PasswordFile is not null && File is null ? "'passwordFile' goes with kind pkcs12"
        : Kind != SignerKind.Command && (Certificate ?? PublicKey) is not null
            ? "'certificate' and 'publicKey' go with kind command"
        : Kind == SignerKind.Command != Command is { Count: > 0 } || (Kind != SignerKind.Command && Command is not null)
            ? "'command' goes with kind command, and must be there"
        : Kind == SignerKind.Command && Certificate is null == PublicKey is null
            ? "kind command needs 'certificate' (of a key that signs models) or 'publicKey' (of a key of metadata or of a root), one of both"
        : TimeoutSeconds is < 1 or > MaximumTimeoutSeconds ? $"'timeoutSeconds' is 1 to {MaximumTimeoutSeconds}"
        : TimestampAuthority is { } tsa && !(tsa.IsAbsoluteUri && (tsa.Scheme == Uri.UriSchemeHttp || tsa.Scheme == Uri.UriSchemeHttps))
            ? "'timestampAuthority' is an http or https address"
        : null;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SignerSettings))]
internal sealed partial class SignerSettingsJson : JsonSerializerContext;
