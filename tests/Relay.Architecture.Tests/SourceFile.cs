using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>A C# file of a project: its folder, its namespace, its types and the namespaces that it uses.</summary>
/// <param name="Path">Relative to the checkout, with slashes.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>Folders below the project's.</summary>
    public string[] Folders => Path.Split('/')[1..^1];

    public string NameWithoutExtension => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string? Namespace => NamespaceLine().Match(Text) is { Success: true } match ? match.Groups[1].Value : null;

    public IEnumerable<string> UsedNamespaces => UsingLine().Matches(Text).Select(match => match.Groups[1].Value);

    /// <summary>Names of the types at the top level, generic ones with "OfT", as their files are named.</summary>
    public IReadOnlyList<string> Types =>
    [
        .. TypeLine().Matches(Text).Select(match => match.Groups["name"].Value + (match.Groups["generic"].Success ? "OfT" : "")),
    ];

    /// <summary>The files below a folder of the checkout, build outputs left out.</summary>
    public static IReadOnlyList<SourceFile> ReadAll(string folder) =>
    [
        .. Directory.EnumerateFiles(RepositoryRoot.Combine(folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(RepositoryRoot.FullPath, file).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(RepositoryRoot.Combine(path)))),
    ];

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(
        @"^(?:(?:public|internal|sealed|static|abstract|partial|readonly|ref|unsafe|file) )*" +
        @"(?:class|record struct|record class|record|struct|interface|enum|delegate [\w<>.?]+) (?<name>\w+)(?<generic><)?",
        RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}
