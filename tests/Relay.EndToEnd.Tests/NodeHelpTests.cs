using System.CommandLine;
using System.CommandLine.Parsing;
using Sync.Node;

namespace Relay.EndToEnd.Tests;

public sealed class NodeHelpTests
{
    public static TheoryData<string> Commands => [.. All(NodeCommandLine.Create(), "").Select(found => found.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_EachCommand_EndsWithAnExampleThatTheCommandTakes(string path)
    {
        using StringWriter output = new();
        RootCommand root = NodeCommandLine.Create();
        int code = await root.Parse([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])
            .InvokeAsync(new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken);

        string[] lines = output.ToString().TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal((0, "Example:"), (code, lines[^2]));
        string[] words = [.. CommandLineParser.SplitCommandLine(lines[^1])];
        Assert.Equal(NodeExamples.Program, words[0]);
        ParseResult parsed = root.Parse(words[1..]);
        Assert.Empty(parsed.Errors);
        Command command = All(root, "").Single(found => found.Path == path).Command;
        Assert.Contains(parsed.CommandResult.Command, All(command, path).Select(found => found.Command));
    }

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path) =>
        [(path, command), .. command.Subcommands.SelectMany(child => All(child, $"{path} {child.Name}".Trim()))];
}
