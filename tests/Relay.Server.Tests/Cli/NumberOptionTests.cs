using System.CommandLine;
using Relay.Server.Cli;

namespace Relay.Server.Tests.Cli;

public sealed class NumberOptionTests
{
    [Theory]
    [InlineData("1", true)]
    [InlineData("60", true)]
    [InlineData("0", false)]
    [InlineData("61", false)]
    [InlineData("-1", false)]
    [InlineData("many", false)]
    [InlineData("99999999999", false)]
    [InlineData("5.5", false)]
    [InlineData("", false)]
    public void Parse_Number_IsTakenWithinTheBoundsOnly(string text, bool isTaken)
    {
        Option<int> option = NumberOption.Create("--deadline", "When to end.", value: 5, minimum: 1, maximum: 60, "minutes");

        ParseResult parsed = new RootCommand { option }.Parse(["--deadline", text]);

        string[] expected = isTaken ? [] : [$"--deadline takes 1 to 60 minutes, not '{text}'."];
        Assert.Equal(expected, parsed.Errors.Select(error => error.Message));
    }

    /// <summary>The parser's own error names a type of .NET.</summary>
    [Theory]
    [MemberData(nameof(HelpTests.Commands), MemberType = typeof(HelpTests))]
    public void Parse_TextInPlaceOfANumber_IsRefusedInPlainWords(string path)
    {
        Command root = RelayCommand.Create();
        Command command = HelpTests.All(root, "").Single(found => found.Path == path).Command;
        string[] words = path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[][] lines =
        [
            [.. words, .. command.Arguments.Select(_ => "abc")],
            .. command.Options.Where(option => option.Arity.MaximumNumberOfValues > 0).Select(option => (string[])[.. words, option.Name, "abc"]),
        ];

        Assert.All(
            lines,
            line => Assert.DoesNotContain(root.Parse(line).Errors, error => error.Message.Contains("System.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("train m --seed 1.5", "--seed takes a whole number up to 2147483647, not '1.5'.")]
    [InlineData("runs show 1e3", "<id> takes a whole number, not '1e3'.")]
    [InlineData("runs delete 1 two", "<id> takes a whole number, not 'two'.")]
    [InlineData("revoke m 99999999999", "<version> takes a whole number up to 2147483647, not '99999999999'.")]
    [InlineData("nodes remove --not-seen-for NaN", "--not-seen-for takes a number, not 'NaN'.")]
    [InlineData("nodes remove --not-seen-for 0.5", null)]
    public void Parse_Number_IsTakenInItsFormOnly(string line, string? error)
    {
        ParseResult parsed = RelayCommand.Create().Parse(line.Split(' '));

        Assert.Equal(error, parsed.Errors.FirstOrDefault()?.Message);
    }
}
