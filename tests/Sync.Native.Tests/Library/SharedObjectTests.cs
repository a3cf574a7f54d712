using System.Text.RegularExpressions;

namespace Sync.Native.Tests.Library;

/// <summary>The shared object: what it exports, what it needs, and its size.</summary>
public sealed partial class SharedObjectTests
{
    private const long MaxBytes = 9_800_000;

    [Fact]
    public async Task SharedObject_ExportsTheMapAndNeedsTheCLibraryAlone()
    {
        await BuiltLibrary.RequireAsync();
        string symbols = await BuiltLibrary.RunAsync("nm", ["-D", "--defined-only", BuiltLibrary.SharedObject]);
        string headers = await BuiltLibrary.RunAsync("objdump", ["-p", BuiltLibrary.SharedObject]);

        Assert.Equal(
            HeaderTests.MapNames().Select(symbol => $"{symbol.Name}@@{symbol.Version}"),
            symbols.Split('\n').Select(line => line.Split(' ')[^1]).Where(name => name.Contains('@', StringComparison.Ordinal)).Order(
                StringComparer.Ordinal));
        Assert.Contains("librelaysync.so.1", Soname().Match(headers).Value, StringComparison.Ordinal);
        Assert.All(
            Needed().Matches(headers).Select(match => match.Groups[1].Value),
            name => Assert.Matches(@"^(lib(c|m|dl|pthread|rt)\.so|ld-linux)", name));
        Assert.InRange(new FileInfo(BuiltLibrary.SharedObject).Length, 1, MaxBytes);
    }

    [GeneratedRegex(@"SONAME +(\S+)")]
    private static partial Regex Soname();

    [GeneratedRegex(@"NEEDED +(\S+)")]
    private static partial Regex Needed();
}
