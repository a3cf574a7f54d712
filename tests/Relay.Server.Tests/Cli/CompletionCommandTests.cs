using System.Runtime.Versioning;
using System.Text;
using Relay.Server.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

[UnsupportedOSPlatform("windows")]
public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("relay model ", "archive", "list", "restore", "versions")]
    [InlineData("./relay model li", "list")]
    [InlineData("relay model list --ta", "--tag", "--task")]
    [InlineData("relay model list --archived ", "all", "false", "true")]
    [InlineData("relay webhook create https://a --event rollout.h", "rollout.halted")]
    [InlineData("relay completion ", "bash", "fish", "zsh")]
    [InlineData("relay api-keys create x --role ope", "operator")]
    [InlineData("relay")]
    [InlineData("")]
    public void Find_EachLine_HasWhatMayFollow(string line, params string[] expected)
    {
        IReadOnlyList<string> found = CompletionCommand.Find(RelayCommand.Create(), line, line.Length);

        Assert.Equal(expected, found);
    }

    [Fact]
    public void Find_AtTheStart_HasCommandsAndNoneThatIsHidden()
    {
        IReadOnlyList<string> found = CompletionCommand.Find(RelayCommand.Create(), "relay model list", 6);

        Assert.Contains("model", found);
        Assert.DoesNotContain("complete", found);
    }

    /// <summary>bash itself, with the script and a program of the name relay.</summary>
    [Fact]
    public async Task Bash_WithTheScript_Completes()
    {
        using TemporaryFolder folder = new();
        string program = folder.Combine("relay");
        await File.WriteAllTextAsync(
            program, $"#!/bin/sh\nexec dotnet '{typeof(RelayApi).Assembly.Location}' \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        const string Test = """
            set -u
            eval "$("$1" completion bash)"
            COMP_LINE="$1 rollout st" COMP_POINT=$((${#1} + 11)) COMP_WORDS=("$1" rollout st) COMP_CWORD=2
            _relay_complete "$1" st rollout
            printf '%s\n' "${COMPREPLY[@]}"
            complete -p relay
            """;

        CommandRun run = (await CommandRun.TryAsync("bash", ["-c", Test, "bash", program]))!;

        Assert.Equal(
            ["start", "status", "complete -o default -F _relay_complete relay"],
            Encoding.UTF8.GetString(run.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", run.Errors);
    }

    [Theory]
    [InlineData("zsh", "compdef _relay_complete relay")]
    [InlineData("fish", "complete --command relay")]
    public async Task Script_OfOtherShells_AsksTheSameCommand(string shell, string expected)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("completion", shell);

        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
        Assert.Contains(" complete ", run.Output, StringComparison.Ordinal);
    }
}
