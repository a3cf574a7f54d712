using System.CommandLine;
using System.CommandLine.Parsing;
using Relay.Server.Hosting;

namespace Relay.Server.Cli;

/// <summary>The options of a relay that has others beside it, on one database.</summary>
internal sealed class ReplicaOptions
{
    private const string AddressName = "--replica-address";
    private const string All = "all";
    private const string Api = "api";
    private const string Worker = "worker";

    private readonly Option<Uri?> _address = new(AddressName)
    {
        Description = "The https address at which other relays reach this one, where several share a data folder and a PostgreSQL database. One " +
            "works; the others send requests on to it, and take over when it ends. Default: this relay has both alone.",
        HelpName = "url",
        CustomParser = ParseAddress,
    };

    private readonly Option<string> _role = new Option<string>("--role")
    {
        Description = "What this one of several processes does. all: answers requests, takes its turn to work, and trains while it works. api: the " +
            "same without training. worker: trains, and answers no requests.",
        HelpName = "all|api|worker",
        DefaultValueFactory = _ => All,
    }.AcceptOnlyFromAmong(All, Api, Worker);

    public IReadOnlyList<Option> Options => [_address, _role];

    /// <param name="server">The connection string of the database; null: a file.</param>
    /// <param name="forOneStart">The options that mean one start of one relay.</param>
    /// <returns>Null for a relay that is alone.</returns>
    /// <exception cref="CommandException">The options do not fit together.</exception>
    public ReplicaSettings? Read(ParseResult parsed, string? server, IReadOnlyList<Option> forOneStart)
    {
        Uri? address = parsed.GetValue(_address);
        RelayRole role = parsed.GetValue(_role) switch
        {
            Worker => RelayRole.Worker,
            Api => RelayRole.Api,
            _ => RelayRole.All,
        };
        if (address is null && role is RelayRole.All)
        {
            return null;
        }

        if (server is null)
        {
            throw new CommandException(
                $"{AddressName} and --role are for processes that share a PostgreSQL database: name it by --database or --database-file");
        }

        if (forOneStart.FirstOrDefault(option => GivenOptions.Has(parsed, option)) is { } single)
        {
            throw new CommandException(
                $"{single.Name} is for a start of one relay alone: stop the others, start this one without {AddressName}, and then all as before");
        }

        return role is RelayRole.Worker == address is null
            ? new(role, address)
            : throw new CommandException(role is RelayRole.Worker
                ? $"--role {Worker} answers no requests, so that no other relay needs {AddressName} of it: leave one of them out"
                : $"--role {Api} needs {AddressName}: the other relays send requests on to this one while it works");
    }

    private static Uri? ParseAddress(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps && address.PathAndQuery == "/"
            && address.UserInfo.Length == 0)
        {
            return address;
        }

        result.AddError($"{AddressName} takes an address such as https://10.0.0.5:60002, without a path, not '{text}'.");
        return null;
    }
}
