using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Server.Cli.Configuration;
using Relay.Server.ObjectStore;
using Relay.Server.ObjectStore.Client;
using Shared.Contracts;
using Shared.Contracts.Json;

namespace Relay.Server.Cli;

/// <summary>The option that names the settings of an S3-compatible store.</summary>
internal sealed class ObjectStoreOption
{
    private const int MaximumBytes = 64 * 1024;
    private const int MaximumSecretBytes = 4096;

    private readonly SharedSetting<string?> _file = new("--object-store")
    {
        Description = "A JSON file with the settings of an S3-compatible store that receives a copy of what nodes download. Default: none.",
        HelpName = "file",
    };

    public Option Option => _file;

    /// <summary>Null: there is no store.</summary>
    /// <exception cref="CommandException">The file is missing, or has a setting that is not known or not right.</exception>
    public ObjectStoreSettings? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is not { } path)
        {
            return null;
        }

        ObjectStoreFile file = Parse(path);
        if ((file.AccessKeyIdFile is null) != (file.SecretAccessKeyFile is null))
        {
            throw Error(path, "accessKeyIdFile and secretAccessKeyFile belong together: set both or none");
        }

        ObjectStoreSettings settings = new()
        {
            Endpoint = file.Endpoint,
            Region = file.Region ?? ObjectStoreSettings.DefaultRegion,
            Bucket = file.Bucket ?? "",
            Prefix = file.Prefix ?? "",
            PathStyle = file.PathStyle,
            Authorities = ReadAuthorities(path, file.CertificateAuthority),
            Key = file.AccessKeyIdFile is { } id ? new(ReadSecret(id), ReadSecret(file.SecretAccessKeyFile!)) : null,
            RedirectEndpoint = file.RedirectEndpoint,
            RedirectTargets = file.RedirectTargets,
            RedirectBytes = file.RedirectBytes ?? ObjectStoreSettings.DefaultRedirectBytes,
            RedirectTime = TimeSpan.FromSeconds(file.RedirectSeconds ?? ObjectStoreSettings.DefaultRedirectSeconds),
        };
        return settings.FindError(file.InsecureHttp) is { } error ? throw Error(path, error) : settings;
    }

    private static ObjectStoreFile Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(
                BoundedFile.Read(path, MaximumBytes, "the settings of a store"), ObjectStoreFileJson.Default.ObjectStoreFile)
                ?? throw Error(path, "it has no settings");
        }
        catch (JsonException malformed)
        {
            throw Error(path, JsonErrorText.Describe(malformed));
        }
    }

    private static StoreAuthorities? ReadAuthorities(string path, string? file)
    {
        try
        {
            return file is null ? null : new(file);
        }
        catch (InvalidDataException unusable)
        {
            throw Error(path, unusable.Message);
        }
    }

    private static string ReadSecret(string path) =>
        Encoding.UTF8.GetString(BoundedFile.Read(path, MaximumSecretBytes, "a key of the store")).Trim() is { Length: > 0 } secret
            ? secret
            : throw Error(path, "it is empty: it must have a key of the store");

    private static CommandException Error(string path, string error) => new(DisplayText.Format($"{path}: {error}"));
}

/// <summary>The file as an operator writes it.</summary>
internal sealed record ObjectStoreFile
{
    public Uri? Endpoint { get; init; }

    public string? Region { get; init; }

    public string? Bucket { get; init; }

    public string? Prefix { get; init; }

    public string? AccessKeyIdFile { get; init; }

    public string? SecretAccessKeyFile { get; init; }

    public string? CertificateAuthority { get; init; }

    public bool PathStyle { get; init; }

    public bool InsecureHttp { get; init; }

    public bool RedirectTargets { get; init; }

    public Uri? RedirectEndpoint { get; init; }

    public int? RedirectSeconds { get; init; }

    public int? RedirectBytes { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(ObjectStoreFile))]
internal sealed partial class ObjectStoreFileJson : JsonSerializerContext;
