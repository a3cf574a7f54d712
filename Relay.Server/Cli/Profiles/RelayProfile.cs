using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Relay.AdminClient.Transport;
using Shared.Contracts;

namespace Relay.Server.Cli.Profiles;

/// <summary>A relay that commands know by a name. It says where its API key or token is, and never holds it.</summary>
internal sealed record RelayProfile
{
    public required string Name { get; init; }

    public required Uri Relay { get; init; }

    /// <summary>The environment variable that holds the API key; null: another source, or none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KeyVariable { get; init; }

    /// <summary>The full path of the file that holds the API key; null: another source, or none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KeyFile { get; init; }

    /// <summary>The full path of the file that holds an OpenID Connect token, read for each request; null: another source, or none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenFile { get; init; }

    /// <summary>The only certificate authorities that are trusted, in PEM; null: those of the system.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CertificateAuthority { get; init; }

    /// <summary>Null where the profile names neither a key nor a token.</summary>
    /// <exception cref="CommandException">The key or token is not where the profile says.</exception>
    public RelayCredential? ReadCredential(ParseResult parsed) =>
        RelayCredential.FromTokenFile(TokenFile) ?? RelayCredential.FromKey(ReadKey(parsed));

    private string? ReadKey(ParseResult parsed) =>
        KeyFile is not null ? Cli.KeyFile.Read(KeyFile)
        : KeyVariable is not null ? CommandInvocation.FindVariable(parsed, KeyVariable)
            ?? throw new CommandException(DisplayText.Format(
                $"The profile '{Name}' takes its API key from the environment variable {KeyVariable}, which is not set: set it, or give the " +
                    $"key by --key."))
        : null;

    /// <summary>Null: the system's authorities.</summary>
    public X509ChainPolicy? ReadTrust() => CertificateAuthority is null ? null : RelayConnector.PinText(CertificateAuthority);
}

/// <summary>The file of profiles.</summary>
internal sealed record ProfileList
{
    /// <summary>The name of the profile of commands that name none; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Current { get; init; }

    public IReadOnlyList<RelayProfile> Profiles { get; init; } = [];

    public RelayProfile? Find(string name) => Profiles.FirstOrDefault(profile => profile.Name == name);
}

/// <summary>A profile as <c>relay profile list --json</c> shows it.</summary>
internal sealed record ProfileLine(
    string Name, Uri Relay, string? KeyVariable, string? KeyFile, string? TokenFile, string? CertificateAuthoritySha256, bool Current);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProfileList))]
[JsonSerializable(typeof(ProfileLine))]
internal sealed partial class ProfileJson : JsonSerializerContext;
