using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Cli.Profiles;
using Relay.Server.Http.Access;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>The options by which a command finds its relay.</summary>
/// <param name="policy">The one of <see cref="AccessPolicies"/> that the routes of the command have.</param>
/// <param name="keyOption">The option that takes the API key.</param>
internal sealed class RelayConnection(string policy, string keyOption = "--key", params string[] aliases)
{
    /// <summary>Before <see cref="KeyVariable"/>: a machine may have an admin key, and a node's for its mirror.</summary>
    public const string AdminKeyVariable = "RELAY_ADMIN_KEY";

    public const string KeyVariable = "RELAY_API_KEY";

    /// <summary>The file that <c>relay serve</c> writes when it starts in the same folder.</summary>
    private static readonly string DefaultAuthority = Path.Combine(ServeCommand.DefaultData, "tls", "ca.pem");

    public const string RelayOption = "--relay";

    private readonly Option<Uri> _relay = new(RelayOption)
    {
        Description = "The address of the relay. Default: that of the profile, if there is one.",
        HelpName = "url",
        DefaultValueFactory = _ => new Uri($"https://localhost:{Routes.DefaultPort}"),
        CustomParser = ParseAddress,
    };

    private readonly Option<string?> _key = new(keyOption, [.. aliases, "--api-key"])
    {
        Description = $"An API key of role {string.Join(" or ", AccessPolicies.RolesOf(policy).Select(AccessPolicies.NameOf))}. "
            + $"Default: the environment variable {AdminKeyVariable}, else {KeyVariable}.",
        HelpName = "key",
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = "A file with an OpenID Connect token, in place of an API key; it is read for each request. "
            + $"Default: the environment variable {RelayCredential.TokenFileVariable}, if there is no API key.",
        HelpName = "file",
    };

    private readonly Option<string?> _authority = new("--ca")
    {
        Description = $"The PEM file of the certificate authority to trust. Default: {DefaultAuthority} if it exists, else the system's authorities.",
        HelpName = "file",
    };

    /// <summary>For commands that an approver's key suffices for, and whose <c>--key</c> may be a signing key.</summary>
    public static RelayConnection ForApprovers() => new(AccessPolicies.Approve, "--approver-key", "--admin-key");

    public IReadOnlyList<Option> Options => [_relay, _key, _tokenFile, _authority];

    /// <summary>Those and <c>--profile</c>, where the caller set it: for a form of a command that asks no relay.</summary>
    public IEnumerable<Option> WithProfile(ParseResult parsed) => ProfileOption.FindGiven(parsed) is { } profile ? [.. Options, profile] : Options;

    public void AddTo(Command command)
    {
        foreach (Option option in Options)
        {
            command.Options.Add(option);
        }
    }

    /// <param name="requestTime">How long a request may take; null for the usual time.</param>
    public RelayApi Open(ParseResult parsed, TimeSpan? requestTime = null) => new(CreateClient(parsed, requestTime));

    /// <summary>For commands that read the repository of the relay as well.</summary>
    public HttpClient CreateClient(ParseResult parsed, TimeSpan? requestTime = null)
    {
        // A profile is of its own relay: its key goes to no other.
        if (GivenOptions.Has(parsed, _relay))
        {
            RefuseProfile(parsed);
            return CreateClient(parsed.GetValue(_relay)!, UsualAuthority, () => null);
        }

        return ProfileOption.Find(parsed, out bool isNamed) is { } profile
            ? CreateClient(
                profile.Relay, profile.ReadTrust,
                () => isNamed ? profile.ReadCredential(parsed) : FindCredential(parsed) ?? profile.ReadCredential(parsed))
            : CreateClient(parsed.GetValue(_relay)!, UsualAuthority, () => null);

        HttpClient CreateClient(Uri relay, Func<X509ChainPolicy?> authority, Func<RelayCredential?> usual) => RelayCredential.CreateClient(
            relay, parsed.GetValue(_authority) is { } given ? RelayApi.Pin(given) : authority(),
            FindGiven(parsed) ?? usual() ?? FindCredential(parsed), requestTime);
    }

    private RelayCredential? FindGiven(ParseResult parsed)
    {
        if (parsed.GetValue(_key) is not null && parsed.GetValue(_tokenFile) is not null)
        {
            throw new CommandException($"Set {_key.Name} or {_tokenFile.Name}, not both.");
        }

        return RelayCredential.FromKey(parsed.GetValue(_key)) ?? RelayCredential.FromTokenFile(parsed.GetValue(_tokenFile));
    }

    /// <exception cref="CommandException">The caller names a profile beside the address of a relay.</exception>
    public static void RefuseProfile(ParseResult parsed)
    {
        if (ProfileOption.FindGiven(parsed) is not null)
        {
            throw new CommandException($"{RelayOption} names a relay, and {ProfileOption.Name} another: leave out one of them");
        }
    }

    public static Uri? ParseAddress(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps)
        {
            return address;
        }

        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} takes an https:// address.");
        return null;
    }

    private static RelayCredential? FindCredential(ParseResult parsed) =>
        RelayCredential.FromKey(CommandInvocation.FindVariable(parsed, AdminKeyVariable) ?? CommandInvocation.FindVariable(parsed, KeyVariable))
            ?? RelayCredential.FromTokenFile(CommandInvocation.FindVariable(parsed, RelayCredential.TokenFileVariable));

    private static X509ChainPolicy? UsualAuthority() => File.Exists(DefaultAuthority) ? RelayApi.Pin(DefaultAuthority) : null;
}
