using System.CommandLine;
using System.CommandLine.Completions;

namespace Relay.Server.Cli;

/// <summary><c>relay completion</c>: the script by which a shell completes the command line; and <c>relay complete</c>, which the script
/// calls.</summary>
internal static class CompletionCommand
{
    // The shell gives the line as it is typed; a name of a file is the shell's own completion.
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # Completion of relay for bash. For this shell: source <(relay completion bash)
            _relay_complete() {
                local IFS=$'\n'
                COMPREPLY=($("$1" complete "$COMP_POINT" "$COMP_LINE" 2>/dev/null))
            }
            complete -o default -F _relay_complete relay ./relay
            """,
        ["zsh"] = """
            #compdef relay
            # Completion of relay for zsh. For this shell: source <(relay completion zsh)
            _relay_complete() {
                local -a found
                found=(${(f)"$("${words[1]}" complete "$CURSOR" "$BUFFER" 2>/dev/null)"})
                if (( ${#found} )); then compadd -- "${found[@]}"; else _files; fi
            }
            compdef _relay_complete relay
            """,
        ["fish"] = """
            # Completion of relay for fish. For this shell: relay completion fish | source
            function __relay_complete
                set -l line (commandline --cut-at-cursor)
                relay complete (string length -- "$line") "$line" 2>/dev/null
            end
            complete --command relay --arguments '(__relay_complete)'
            """,
    };

    public static Command CreateScript()
    {
        Argument<string> shell = new("shell") { Description = $"The shell: {string.Join(", ", Scripts.Keys)}." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        Command command = new("completion", "Prints the script by which a shell completes commands, options and their values.") { shell };
        command.SetAction(async (parsed, _) =>
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Scripts[parsed.GetValue(shell)!].ReplaceLineEndings("\n"));
            return 0;
        });
        return command;
    }

    /// <param name="createRoot">Makes the commands that are completed.</param>
    public static Command CreateComplete(Func<Command> createRoot)
    {
        Argument<int> position = new("position") { Description = "The place of the cursor in the line, in characters." };
        Argument<string> line = new("line") { Description = "The command line as it is typed." };
        Command command = new("complete", "Prints what may follow on a command line. The scripts of 'relay completion' call it.")
        {
            position, line,
        };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            foreach (string found in Find(createRoot(), parsed.GetValue(line)!, parsed.GetValue(position)))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(found);
            }

            return 0;
        });
        return command;
    }

    internal static IReadOnlyList<string> Find(Command root, string line, int position)
    {
        string typed = line[..Math.Clamp(position, 0, line.Length)];

        // The first word is the program, however it was called.
        int program = typed.AsSpan().IndexOfAny(' ', '\t');
        if (program < 0)
        {
            return [];
        }

        string command = root.Name + typed[program..];
        string word = command[(command.LastIndexOfAny([' ', '\t']) + 1)..];

        // Options are many: they are for who has begun one.
        IEnumerable<CompletionItem> items = root.Parse(command).GetCompletions(command.Length);
        return
        [
            .. items.Select(item => item.InsertText ?? item.Label)
                .Where(text => text.StartsWith(word, StringComparison.Ordinal) && (word.Length > 0 || text[0] is not ('-' or '/')))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }
}
