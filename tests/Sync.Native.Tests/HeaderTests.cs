using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Relay.TestKit;
using Sync.Native.Interop;

namespace Sync.Native.Tests;

/// <summary>The header, the list of exported symbols and the code name the same functions, structures and numbers.</summary>
public sealed partial class HeaderTests
{
    private static string Header => File.ReadAllText(RepositoryRoot.Combine("Sync.Native", "include", "relaysync.h"));

    public static IReadOnlyList<string> MapNames() =>
    [
        .. SymbolLine().Matches(File.ReadAllText(RepositoryRoot.Combine("Sync.Native", "relaysync.map"))).Select(match => match.Groups[1].Value)
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Functions_OfCodeHeaderAndMap_AreTheSame()
    {
        string[] code =
        [
            .. typeof(LibraryExports).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
                .Select(method => method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()?.EntryPoint).OfType<string>()
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(code, MapNames());
        Assert.Equal(code, Function().Matches(Header).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Statuses_OfCodeAndHeader_AreTheSame() => Assert.Equal(
        Enum.GetValues<NativeStatus>().Select(status => (Name(status), (int)status)),
        Status().Matches(Header).Select(match => (match.Groups[1].Value, int.Parse(match.Groups[2].Value, null))));

    [Fact]
    public void Options_OfCodeAndHeader_AreTheSame() => Assert.Equal(
        Nodes.NodeOption.All.Select(option => (option.Name, option.MayRepeat)),
        Option().Matches(Header).Select(match => (match.Groups[1].Value, match.Groups[2].Success)));

    /// <summary>As <c>stress.c</c> asserts them of the header.</summary>
    [Fact]
    public unsafe void Structures_HaveTheSizesOfC() => Assert.Equal(
        [16, 16, 96, 32, 32, 16, 40],
        [
            sizeof(NativeOption), sizeof(NativeInput), sizeof(NativeSchema), sizeof(NativePrediction), sizeof(NativeScore), sizeof(NativeValue),
            sizeof(NativeExplanation),
        ]);

    private static string Name(NativeStatus status) => WordStart().Replace(status.ToString(), "_$1").TrimStart('_').ToUpperInvariant();

    [GeneratedRegex(@"^ +(relaysync_\w+);", RegexOptions.Multiline)]
    private static partial Regex SymbolLine();

    [GeneratedRegex(@"^(?:relaysync_status|void|uint64_t|const char \*) ?(relaysync_\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Function();

    [GeneratedRegex(@"^    RELAYSYNC_(\w+) = (\d+),?(?: +/\*|$)", RegexOptions.Multiline)]
    private static partial Regex Status();

    [GeneratedRegex(@"^ \*   ([a-z-]+) (\*)? +\S", RegexOptions.Multiline)]
    private static partial Regex Option();

    [GeneratedRegex("([A-Z])")]
    private static partial Regex WordStart();
}
