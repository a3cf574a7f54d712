using System.CommandLine;
using System.CommandLine.Parsing;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>The options by which a command finds its relay.</summary>
/// <param name="keyOption">The option that takes the API key.</param>
internal sealed class RelayConnection(string keyOption = "--key", string keyKind = "admin", params string[] aliases)
{
    public const string KeyVariable = "RELAY_ADMIN_KEY";

    /// <summary>The file that <c>relay serve</c> writes when it starts in the same folder.</summary>
    private static readonly string DefaultAuthority = Path.Combine(ServeCommand.DefaultData, "tls", "ca.pem");

    private readonly Option<Uri> _relay = new("--relay")
    {
        Description = "The address of the relay.",
        HelpName = "url",
        DefaultValueFactory = _ => new Uri($"https://localhost:{Routes.DefaultPort}"),
        CustomParser = ParseAddress,
    };

    private readonly Option<string?> _key = new(keyOption, aliases)
    {
        Description = $"The {keyKind} key. Default: the environment variable {KeyVariable}.",
        HelpName = "key",
    };

    private readonly Option<string?> _authority = new("--ca")
    {
        Description = $"The PEM file of the certificate authority to trust. Default: {DefaultAuthority} if it exists, else the system's authorities.",
        HelpName = "file",
    };

    /// <summary>For commands that an approver's key suffices for, and whose <c>--key</c> may be a signing key.</summary>
    public static RelayConnection ForApprovers() => new("--approver-key", "approver's or admin", "--admin-key");

    public void AddTo(Command command)
    {
        command.Options.Add(_relay);
        command.Options.Add(_key);
        command.Options.Add(_authority);
    }

    public RelayApi Open(ParseResult parsed) => RelayApi.Connect(
        parsed.GetValue(_relay)!,
        parsed.GetValue(_authority) ?? (File.Exists(DefaultAuthority) ? DefaultAuthority : null),
        parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable(KeyVariable));

    public static Uri? ParseAddress(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps)
        {
            return address;
        }

        result.AddError("--relay takes an https:// address.");
        return null;
    }
}
