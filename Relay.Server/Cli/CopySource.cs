using System.CommandLine;
using Relay.Server.Cli.Profiles;
using Relay.Server.Repository.Mirroring;

namespace Relay.Server.Cli;

/// <summary>The options by which a command finds the repository that it copies: a data folder, or a running relay.</summary>
internal sealed class CopySource
{
    private readonly Option<Uri?> _relay = new("--relay")
    {
        Description = "Copies from the running relay at this https:// address instead of --data.",
        HelpName = "url",
        CustomParser = RelayConnection.ParseAddress,
    };

    private readonly Option<string?> _authority = new("--ca")
    {
        Description = "With --relay: the PEM file of the certificate authority to trust. Default: the system's authorities.",
        HelpName = "file",
    };

    private readonly Option<string?> _key = new("--api-key")
    {
        Description = "With --relay: an API key of role node, or of another role. "
            + $"Default: the environment variable {RelayConnection.KeyVariable}, else {RelayConnection.AdminKeyVariable}.",
        HelpName = "key",
    };

    private readonly Option<string?> _keyFile = new("--api-key-file")
    {
        Description = "With --relay: a file that holds the API key, instead of --api-key.",
        HelpName = "file",
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = "With --relay: a file with an OpenID Connect token, in place of an API key; it is read for each request.",
        HelpName = "file",
    };

    private readonly Option<string> _data = RepositoryAccess.DataOption();

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_relay, _authority, _key, _keyFile, _tokenFile, _data])
        {
            command.Options.Add(option);
        }
    }

    /// <param name="http">To dispose of after the copy; null for a folder.</param>
    /// <exception cref="CommandException">There is no repository, or the options do not fit each other.</exception>
    public IStaticFileSource Open(ParseResult parsed, out HttpClient? http)
    {
        if (((Option<string?>[])[_key, _keyFile, _tokenFile]).Count(option => parsed.GetValue(option) is not null) > 1)
        {
            throw new CommandException("Set one of --api-key, --api-key-file and --token-file.");
        }

        if (parsed.GetValue(_relay) is null && ProfileOption.FindGiven(parsed) is not null
            && ProfileOption.Find(parsed, out _) is { } profile)
        {
            GivenOptions.Refuse(parsed, [_data], "names a folder, and --profile a running relay to copy from: leave out one of them");
            http = RelayCredential.CreateClient(
                profile.Relay, parsed.GetValue(_authority) is { } authority ? RelayApi.Pin(authority) : profile.ReadTrust(),
                FindGiven(parsed) ?? profile.ReadCredential(parsed), null);
            return new RelayFileSource(http, TimeProvider.System, RelayFileSource.DefaultGrace);
        }

        if (parsed.GetValue(_relay) is not { } address)
        {
            GivenOptions.Refuse(
                parsed, [_authority, _key, _keyFile, _tokenFile], "is for --relay: add the address of a running relay, or leave it out");
            http = null;
            return RepositoryAccess.OpenFolder(parsed.GetValue(_data)!);
        }

        GivenOptions.Refuse(parsed, [_data], "names a folder, and --relay a running relay to copy from: leave out one of them");
        RelayConnection.RefuseProfile(parsed);
        http = RelayCredential.CreateClient(
            address, parsed.GetValue(_authority) is { } pem ? RelayApi.Pin(pem) : null,
            FindGiven(parsed) ?? FindInEnvironment(parsed), null);
        return new RelayFileSource(http, TimeProvider.System, RelayFileSource.DefaultGrace);
    }

    private RelayCredential? FindGiven(ParseResult parsed) =>
        RelayCredential.FromTokenFile(parsed.GetValue(_tokenFile))
            ?? RelayCredential.FromKey(parsed.GetValue(_keyFile) is { } file ? KeyFile.Read(file) : parsed.GetValue(_key));

    private static RelayCredential? FindInEnvironment(ParseResult parsed) =>
        RelayCredential.FromKey(CommandInvocation.FindVariable(parsed, RelayConnection.KeyVariable)
            ?? CommandInvocation.FindVariable(parsed, RelayConnection.AdminKeyVariable))
        ?? RelayCredential.FromTokenFile(CommandInvocation.FindVariable(parsed, RelayCredential.TokenFileVariable));
}
