using System.Text.RegularExpressions;

namespace Relay.Architecture.Tests;

/// <summary>What a command prints may quote nodes, mirrors and files of others: each inserted value is escaped.</summary>
public sealed partial class CommandOutputTests
{
    private static readonly string[] Commands = ["Relay.Server/Cli", "Sync.Node"];

    [Fact]
    public void Commands_PrintInsertedValuesOnlyThroughDisplayText() => Violations.AssertNone(
        from folder in Commands
        from file in SourceFile.ReadAll(folder)
        from match in BareInterpolation().Matches(file.Text)
        select $"{file.Path}: {match.Value} prints values that DisplayText.Format would escape");

    [Theory]
    [InlineData("output.WriteLineAsync($\"node {id}\")", true)]
    [InlineData("Console.Error.WriteLine(\n    $\"node {id}\")", true)]
    [InlineData("output.WriteLineAsync(DisplayText.Format($\"node {id}\"))", false)]
    [InlineData("output.WriteLine(\"Published.\")", false)]
    public void BareInterpolation_IsFound(string code, bool isFound) => Assert.Equal(isFound, BareInterpolation().IsMatch(code));

    [GeneratedRegex(@"\bWrite(?:Line)?(?:Async)?\(\s*\$""")]
    private static partial Regex BareInterpolation();
}
