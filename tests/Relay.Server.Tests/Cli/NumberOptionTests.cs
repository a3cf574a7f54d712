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
}
