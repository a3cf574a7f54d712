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

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path) =>
        [(path, command), .. command.Subcommands.SelectMany(child => All(child, $"{path} {child.Name}".Trim()))];
}
