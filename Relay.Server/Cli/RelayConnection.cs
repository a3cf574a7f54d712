using System.CommandLine;
using System.CommandLine.Parsing;
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

    private readonly Option<Uri> _relay = new("--relay")
    {
        Description = "The address of the relay.",
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

    private readonly Option<string?> _authority = new("--ca")
    {
        Description = $"The PEM file of the certificate authority to trust. Default: {DefaultAuthority} if it exists, else the system's authorities.",
        HelpName = "file",
    };

    /// <summary>For commands that an approver's key suffices for, and whose <c>--key</c> may be a signing key.</summary>
    public static RelayConnection ForApprovers() => new(AccessPolicies.Approve, "--approver-key", "--admin-key");

    public IReadOnlyList<Option> Options => [_relay, _key, _authority];

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
    public HttpClient CreateClient(ParseResult parsed, TimeSpan? requestTime = null) => RelayApi.CreateClient(
        parsed.GetValue(_relay)!,
        parsed.GetValue(_authority) ?? (File.Exists(DefaultAuthority) ? DefaultAuthority : null),
        parsed.GetValue(_key) ?? Variable(AdminKeyVariable) ?? Variable(KeyVariable),
        requestTime);

    public static Uri? ParseAddress(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps)
        {
            return address;
        }

        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} takes an https:// address.");
        return null;
    }

    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
