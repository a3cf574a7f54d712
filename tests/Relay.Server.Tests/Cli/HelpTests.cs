using System.CommandLine;
using Relay.Server.Cli;

namespace Relay.Server.Tests.Cli;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. All(RelayCommand.Create(), "").Select(found => found.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_EachCommand_NamesTheProgramRelay(string path)
    {
        using StringWriter output = new();

        int code = await CommandLine.RunAsync(
            RelayCommand.Create(), [.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"], output, TextWriter.Null,
            TestContext.Current.CancellationToken);

        Assert.Equal(0, code);
        Assert.Contains($"relay {path}".TrimEnd() + " ", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Relay.Server", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_EachCommandArgumentAndOption_IsDescribedInSentences(string path)
    {
        Command command = All(RelayCommand.Create(), "").Single(found => found.Path == path).Command;

        Assert.EndsWith(".", command.Description, StringComparison.Ordinal);
        Assert.All(command.Arguments, argument => Assert.EndsWith(".", argument.Description, StringComparison.Ordinal));
        Assert.All(
            command.Options.Where(option => option is not (System.CommandLine.Help.HelpOption or VersionOption)),
            option => Assert.EndsWith(".", option.Description, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_EachCommand_EndsWithAnExampleThatTheCommandTakes(string path)
    {
        using StringWriter output = new();
        Command root = RelayCommand.Create();

        await CommandLine.RunAsync(
            root, [.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"], output, TextWriter.Null,
            TestContext.Current.CancellationToken);

        string[] lines = output.ToString().TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal("Example:", lines[^2]);
        string[] words = [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(lines[^1])];
        Assert.Equal("relay", words[0]);
        ParseResult parsed = root.Parse(words[1..]);

        // The files of an example are not here.
        Assert.DoesNotContain(parsed.Errors, error => !error.Message.Contains("does not exist", StringComparison.Ordinal));
        Assert.NotNull(parsed.CommandResult.Command.Action);

        // The example of a command with subcommands may be one of those.
        Command command = All(root, "").Single(found => found.Path == path).Command;
        Assert.Contains(parsed.CommandResult.Command, All(command, path).Select(found => found.Command));
    }

    [Theory]
    [InlineData("status", true)]
    [InlineData("mirror", true)]
    [InlineData("keys init", false)]
    [InlineData("spec draft", false)]
    [InlineData("serve", false)]
    public async Task Help_Profile_IsThereWhereTheCommandAsksARelay(string path, bool isThere)
    {
        using StringWriter output = new();

        await CommandLine.RunAsync(
            RelayCommand.Create(), [.. path.Split(' '), "--help"], output, TextWriter.Null, TestContext.Current.CancellationToken);

        Assert.Equal(isThere, output.ToString().Contains("--profile", StringComparison.Ordinal));
    }

    internal static IEnumerable<(string Path, Command Command)> All(Command command, string path) =>
        [(path, command), .. command.Subcommands.SelectMany(child => All(child, $"{path} {child.Name}".Trim()))];
}
