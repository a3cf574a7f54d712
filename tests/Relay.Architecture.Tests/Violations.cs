namespace Relay.Architecture.Tests;

/// <summary>Fails with every violation of a rule, one a line; the assertions of collections show the first ones only.</summary>
internal static class Violations
{
    public static void AssertNone(IEnumerable<string> violations)
    {
        string[] all = [.. violations];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
