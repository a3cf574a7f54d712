using System.CommandLine;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Versions;

/// <summary>What a tag or a note is about: a version, or the model itself where only its name is given.</summary>
/// <param name="Version">Null: the model.</param>
internal sealed record SubjectArgument(string Name, int? Version)
{
    private const string Description = "The name of a model, for the model itself, or a version of it: NAME@VERSION, NAME@ALIAS, NAME@latest.";

    /// <summary>A command about a model or a version.</summary>
    /// <param name="policy">The one of <see cref="Http.Access.AccessPolicies"/> that its routes have.</param>
    /// <param name="symbols">What it takes after the subject.</param>
    /// <param name="prepare">Reads the command line, and gives what to do at the relay.</param>
    public static Command CreateCommand(
        string name, string description, string policy, IReadOnlyList<Symbol> symbols,
        Func<ParseResult, Func<RelayApi, SubjectArgument, CancellationToken, Task>> prepare)
    {
        RelayConnection connection = new(policy);
        Argument<string> subject = new("subject") { Description = Description };
        Command command = new(name, description) { subject };
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Func<RelayApi, SubjectArgument, CancellationToken, Task> run = prepare(parsed);
            using RelayApi relay = connection.Open(parsed);
            await run(
                relay, await ResolveAsync(relay, parsed.GetValue(subject)!, parsed.InvocationConfiguration.Error, cancellationToken),
                cancellationToken);
            return 0;
        });
        return command;
    }

    /// <param name="notes">Gets a line where the caller named a version otherwise than by number.</param>
    /// <exception cref="CommandException">The text is of none of the forms.</exception>
    private static async Task<SubjectArgument> ResolveAsync(RelayApi relay, string text, TextWriter notes, CancellationToken cancellationToken)
    {
        if (!VersionArgument.NamesVersion(text))
        {
            return new(text, null);
        }

        ModelVersion version = await VersionArgument.ResolveAsync(relay, text, notes, cancellationToken);
        return new(version.Name, version.Version);
    }

    public override string ToString() => Version is { } number ? FormattableString.Invariant($"{Name} {number}") : Name;
}
