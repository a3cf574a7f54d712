using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>What a reader takes in at one glance: lines of 150 columns, files of 200 lines. <c>long-files.txt</c> names what is older than the
/// rule; a file leaves it when it is short enough.</summary>
public sealed class FileFormTests
{
    private const int Columns = 150;
    private const int Lines = 200;
    private const string RawString = "\"\"\"";

    private static readonly string[] Folders = [.. ProductProjects.All, "samples", "tests"];

    [Fact]
    public void Lines_OfEveryFile_AreNotTooLong() => Violations.AssertNone(
        from file in Folders.SelectMany(SourceFile.ReadAll)
        where !Exceptions("lines").Contains(file.Path)
        from number in FindLongLines(file.Text)
        select $"{file.Path}:{number}: more than {Columns} columns");

    [Fact]
    public void Files_AreNotTooLong() => Violations.AssertNone(
        from file in Folders.SelectMany(SourceFile.ReadAll)
        let lines = CountLines(file.Text)
        where lines > Lines && !Exceptions("file").Contains(file.Path)
        select $"{file.Path}: {lines} lines, more than {Lines}: split it by what its parts are for");

    [Fact]
    public void Exceptions_EachIsStillNeeded()
    {
        Dictionary<string, SourceFile> files = Folders.SelectMany(SourceFile.ReadAll).ToDictionary(file => file.Path);

        Violations.AssertNone(
            Exceptions("lines").Where(path => !files.TryGetValue(path, out SourceFile? file) || !FindLongLines(file.Text).Any())
                .Concat(Exceptions("file").Where(path => !files.TryGetValue(path, out SourceFile? file) || CountLines(file.Text) <= Lines))
                .Select(path => $"{path} is no exception any more: remove it from long-files.txt"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("\"\"\"", false)]
    [InlineData("// ", true)]
    public void FindLongLines_RawText_IsLeftOut(string start, bool isFound) =>
        Assert.Equal(isFound, FindLongLines(start + new string('x', start.Length == 0 ? Columns : Columns + 1)).Any());

    // The text of others, such as JSON and SQL, stands as it is in raw strings.
    private static IEnumerable<int> FindLongLines(string text)
    {
        bool isRaw = false;
        foreach ((int index, string line) in text.Split('\n').Index())
        {
            int marks = line.Split(RawString).Length - 1;
            if (line.TrimEnd('\r').Length > Columns && !isRaw && marks == 0)
            {
                yield return index + 1;
            }

            isRaw ^= marks % 2 == 1;
        }
    }

    private static int CountLines(string text) => text.TrimEnd('\n').Split('\n').Length;

    private static HashSet<string> Exceptions(string kind) =>
    [
        .. File.ReadLines(RepositoryRoot.Combine("tests", "Relay.Architecture.Tests", "long-files.txt"))
            .Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal))
            .Select(line => line[(kind.Length + 1)..]),
    ];
}
