using System.Text.RegularExpressions;

namespace Relay.Architecture.Tests;

/// <summary>A message of the client says what to set by <c>OptionNames</c>: relay-node and the C library have names of their own.</summary>
public sealed partial class OptionNameTests
{
    // What only an app has, or a programmer reads.
    private static readonly string[] Exceptions = ["Sync.Client/OptionNames.cs", "Sync.Client/Hosting/OptionsFollower.cs"];

    [Fact]
    public void Messages_NameOptionsByOptionNames() => Violations.AssertNone(
        from file in SourceFile.ReadAll("Sync.Client")
        where !Exceptions.Contains(file.Path)
        from line in file.Text.Split('\n')
        where IsPropertyInMessage(line)
        select $"{file.Path}: {line.Trim()}");

    [Theory]
    [InlineData("Detail = \"set another StoreFolder\"", true)]
    [InlineData("Detail = $\"{x}: correct Models, or go on\"", true)]
    [InlineData("yield return $\"Channel is '{o.Channel}'\";", true)]
    [InlineData("Detail = $\"set another {OptionNames.StoreFolder}\"", false)]
    [InlineData("[LoggerMessage(1, LogLevel.Information, \"nothing on '{Channel}'\")]", false)]
    [InlineData("/// <summary>The \"StoreFolder\" of the options.</summary>", false)]
    public void PropertyInMessage_IsFound(string line, bool expected) => Assert.Equal(expected, IsPropertyInMessage(line));

    private static bool IsPropertyInMessage(string line) =>
        !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        && TextOfLine().Matches(Hole().Replace(line, "")).Any(text => Property().IsMatch(text.Value));

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex TextOfLine();

    // Names that are words as well count where the text tells what to do with them.
    [GeneratedRegex(
        @"\b(?:TrustedRoot|StoreFolder|NodeId|TlsRoot|MirrorTlsRoot|RedirectHosts|EnrollmentTokenFile|MaintenanceWindow|PollInterval|AirGapped)\b"
        + @"|\b(?:set|correct|check) (?:Channel|Models|Relay|Mirrors|Proxy|Require|Explanations)\b"
        + @"|""(?:Channel|Models|Relay|Mirrors|Proxy|Require) (?:is|has|contains)\b")]
    private static partial Regex Property();
}
