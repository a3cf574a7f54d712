using System.CommandLine;
using System.CommandLine.Invocation;

namespace Relay.Server.Cli;

/// <summary>Lets the actions of commands run from their first line on while the library waits for signals. It knows of an action only when that gives
/// back its task: a signal before, while all before it was done at once, would end the process without waiting for a clean end.</summary>
internal static class StartedActions
{
    public static void AddTo(Command command)
    {
        if (command.Action is AsynchronousCommandLineAction action and not StartedAction)
        {
            command.Action = new StartedAction(action);
        }

        foreach (Command subcommand in command.Subcommands)
        {
            AddTo(subcommand);
        }
    }

    private sealed class StartedAction(AsynchronousCommandLineAction action) : AsynchronousCommandLineAction
    {
        public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await action.InvokeAsync(parseResult, cancellationToken);
        }
    }
}
