using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>Home-made names and phrases that the field's own words replaced stay out of the tree: <c>forbidden-words.txt</c>.</summary>
public sealed class WordTests
{
    private static readonly string[] Endings = [".cs", ".md", ".csproj", ".props", ".sh", ".yml", ".py", ""];
    private static readonly string[] Roots = [.. ProductProjects.All, "build", "deploy", "docs", "samples", "tests"];
    private static readonly string[] LeftOut = ["bin", "obj", "Relay.Architecture.Tests"];

    /// <summary>Each line of the file is a regular expression of whole words.</summary>
    [Fact]
    public void Tree_HasNoForbiddenWord()
    {
        IEnumerable<string> words = File.ReadAllLines(RepositoryRoot.Combine("tests", "Relay.Architecture.Tests", "forbidden-words.txt"))
            .Where(line => line.Length > 0 && line[0] != '#');
        Regex forbidden = new($@"\b(?:{string.Join('|', words)})\b");

        Violations.AssertNone(
            from file in TextFiles()
            from line in File.ReadLines(RepositoryRoot.Combine(file)).Index()
            from match in forbidden.Matches(line.Item)
            select $"{file}:{line.Index + 1}: {match.Value}");
    }

    private static IEnumerable<string> TextFiles() => Roots
        .SelectMany(root => Directory.EnumerateFiles(RepositoryRoot.Combine(root), "*", SearchOption.AllDirectories))
        .Append(RepositoryRoot.Combine("README.md"))
        .Select(path => Path.GetRelativePath(RepositoryRoot.FullPath, path).Replace('\\', '/'))
        .Where(path => Endings.Contains(Path.GetExtension(path)) && !path.Split('/').Intersect(LeftOut).Any());
}
