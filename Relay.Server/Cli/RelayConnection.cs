using System.CommandLine;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>The options by which a command finds its relay.</summary>
/// <param name="keyOption">What names the API key.</param>
internal sealed class RelayConnection(string keyOption = "--key", string keyKind = "admin", params string[] aliases)
{
    public const string KeyVariable = "RELAY_ADMIN_KEY";

    /// <summary>Where <c>serve</c> puts it when it is started in the same folder.</summary>
    private static readonly string DefaultAuthority = Path.Combine(ServeCommand.DefaultData, "tls", "ca.pem");

    private readonly Option<Uri> _relay = new("--relay")
    {
        Description = "The relay's address.",
        DefaultValueFactory = _ => new Uri($"https://localhost:{Routes.DefaultPort}"),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps)
            {
                return address;
            }

            result.AddError("--relay takes an https:// address.");
            return null;
        },
    };

    private readonly Option<string?> _key = new(keyOption, aliases)
    {
        Description = $"The {keyKind} key; default: the variable {KeyVariable}.",
    };

    private readonly Option<string?> _authority = new("--ca")
    {
        Description = $"PEM file of the authority to trust; default: {DefaultAuthority} where it exists, else the system's.",
    };

    /// <summary>Of commands that an approver's key suffices for, and that may have a signing key beside it.</summary>
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
}
