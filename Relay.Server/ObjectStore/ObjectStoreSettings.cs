using System.Text.RegularExpressions;
using Relay.Server.ObjectStore.Client;

namespace Relay.Server.ObjectStore;

/// <summary>The bucket of an S3-compatible store that receives a copy of what nodes download.</summary>
internal sealed partial record ObjectStoreSettings
{
    public const string DefaultRegion = "us-east-1";
    public const int DefaultRedirectSeconds = 300;
    public const int DefaultRedirectBytes = 65_536;

    /// <summary>The address of the store; null: that of Amazon S3 in the region.</summary>
    public Uri? Endpoint { get; init; }

    public string Region { get; init; } = DefaultRegion;

    public required string Bucket { get; init; }

    /// <summary>What stands before each key: empty, or with a slash at its end.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Null: the SDK finds credentials, in its environment variables, its files or the machine's role.</summary>
    public ObjectStoreKey? Key { get; init; }

    /// <summary>The only authorities that the endpoint's TLS certificate may come from; null: those of the system.</summary>
    public StoreAuthorities? Authorities { get; init; }

    /// <summary>The bucket is a part of the path, and not of the host name.</summary>
    public bool PathStyle { get; init; }

    /// <summary>Nodes are sent to the bucket for targets.</summary>
    public bool RedirectTargets { get; init; }

    /// <summary>Smaller targets are sent by the relay: it has them in memory.</summary>
    public int RedirectBytes { get; init; } = DefaultRedirectBytes;

    /// <summary>The address of the store as nodes reach it; null: the same.</summary>
    public Uri? RedirectEndpoint { get; init; }

    /// <summary>How long the address that a node gets is valid.</summary>
    public TimeSpan RedirectTime { get; init; } = TimeSpan.FromSeconds(DefaultRedirectSeconds);

    /// <summary>The bucket as messages name it.</summary>
    public string Name => $"{(Endpoint is { } endpoint ? endpoint.GetLeftPart(UriPartial.Authority) : "s3")}/{Bucket}/{Prefix}";

    /// <summary>What is wrong with the settings; null: nothing.</summary>
    /// <param name="insecureHttp">The operator has said that the store may be at an http address.</param>
    public string? FindError(bool insecureHttp) =>
        !BucketName().IsMatch(Bucket) ? "bucket: the name of a bucket has 3 to 63 lower-case letters, digits, points and dashes"
        : !KeyPrefix().IsMatch(Prefix) ? "prefix: it is empty, or folders of letters, digits, points, dashes and underscores, such as relay/"
        : !RegionName().IsMatch(Region) ? "region: it has lower-case letters, digits and dashes, such as eu-central-1"
        : (FindError("endpoint", Endpoint, insecureHttp) ?? FindError("redirectEndpoint", RedirectEndpoint, insecureHttp)) is { } address ? address
        : Authorities is not null && Endpoint?.Scheme != Uri.UriSchemeHttps
            ? $"{StoreAuthorities.Setting}: it is for an endpoint of yours at an https address: name that, or leave out the authority"
        : RedirectTime < TimeSpan.FromSeconds(10) || RedirectTime > TimeSpan.FromHours(1) ? "redirectSeconds: it is between 10 and 3600"
        : RedirectBytes < 0 ? "redirectBytes: it is 0 or more"
        : null;

    private static string? FindError(string name, Uri? address, bool insecureHttp) =>
        address is null ? null
        : !address.IsAbsoluteUri || address.Scheme is not ("https" or "http") ? $"{name}: it is an address such as https://s3.example.com"
        : address.Scheme == Uri.UriSchemeHttp && !insecureHttp
            ? $"{name}: an http address sends all files in the clear; where that is wanted, set \"insecureHttp\": true"
        : address.AbsolutePath != "/" || address.Query.Length > 0 || address.UserInfo.Length > 0
            ? $"{name}: it has neither a path nor a user; the bucket has a setting of its own"
        : null;

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();

    [GeneratedRegex("^([A-Za-z0-9_-][A-Za-z0-9._-]{0,99}/){0,8}$")]
    private static partial Regex KeyPrefix();

    [GeneratedRegex("^[a-z0-9-]{1,40}$")]
    private static partial Regex RegionName();
}

/// <summary>Who the relay is at the store.</summary>
internal sealed record ObjectStoreKey(string Id, string Secret)
{
    public override string ToString() => Id;
}
