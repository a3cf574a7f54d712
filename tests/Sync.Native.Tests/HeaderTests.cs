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

    /// <summary>The functions that the library exports, each with the version of the interface that it came with.</summary>
    public static IReadOnlyList<(string Name, string Version)> MapNames() =>
    [
        .. VersionNode().Matches(File.ReadAllText(RepositoryRoot.Combine("Sync.Native", "relaysync.map")))
            .SelectMany(node => SymbolLine().Matches(node.Groups[2].Value).Select(
                symbol => (Name: symbol.Groups[1].Value, Version: node.Groups[1].Value)))
            .OrderBy(symbol => symbol.Name, StringComparer.Ordinal),
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

        Assert.Equal(code, MapNames().Select(symbol => symbol.Name));
        Assert.Equal(code, Function().Matches(Header).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    /// <summary>A program that was linked with an older library finds what it was linked with, in the version that it names.</summary>
    [Fact]
    public void Functions_OfTheFirstVersion_AreThoseItWasReleasedWith()
    {
        string[] first = [.. MapNames().Where(symbol => symbol.Version == "RELAYSYNC_1.0").Select(symbol => symbol.Name["relaysync_".Length..])];

        Assert.Equal(
            "allocated_bytes close explain free import last_error library_version model_close model_find model_load_unverified_file model_schema "
                + "open predict predict_many refresh score_many score_row start status_json stop value_many value_row wait_ready",
            string.Join(' ', first));
    }

    /// <summary>What came later says since when, for programs that run with an older library.</summary>
    [Fact]
    public void Functions_OfLaterVersions_SaySinceWhen() => Assert.All(
        MapNames().Where(symbol => symbol.Version != "RELAYSYNC_1.0"),
        symbol => Assert.Matches(
            $@"(?s)Since[\s*]+version {Regex.Escape(symbol.Version["RELAYSYNC_".Length..])}\.[^;]*relaysync_status {symbol.Name}\(", Header));

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
        [16, 16, 96, 32, 32, 16, 16, 40],
        [
            sizeof(NativeOption), sizeof(NativeInput), sizeof(NativeSchema), sizeof(NativePrediction), sizeof(NativeScore), sizeof(NativeValue),
            sizeof(NativeTransformation), sizeof(NativeExplanation),
        ]);

    private static string Name(NativeStatus status) => WordStart().Replace(status.ToString(), "_$1").TrimStart('_').ToUpperInvariant();

    [GeneratedRegex(@"^(RELAYSYNC_[\d.]+) \{(.*?)^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex VersionNode();

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
