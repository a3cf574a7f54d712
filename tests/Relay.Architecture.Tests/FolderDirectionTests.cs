using Relay.TestKit;

namespace Relay.Architecture.Tests;

public sealed class FolderDirectionTests
{
    // Cycle, and the number of the decision in docs/adr that gives the reason.
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(ProductProjects.Names), MemberType = typeof(ProductProjects))]
    public void Folders_OfOneLevel_DoNotUseEachOtherInACycle(string project)
    {
        FolderCycle[] cycles = [.. FolderGraph.Read(project).FindCycles().Where(cycle => !Exceptions.ContainsKey(cycle.Id))];

        Assert.True(cycles.Length == 0, string.Join('\n', cycles.SelectMany(cycle => cycle.Uses.Prepend(cycle.Id))));
    }

    [Fact]
    public void Exceptions_EachStillExistsAndNamesADecision()
    {
        HashSet<string> cycles = [.. ProductProjects.All.SelectMany(p => FolderGraph.Read(p).FindCycles()).Select(c => c.Id)];

        Assert.All(Exceptions, exception =>
        {
            Assert.Contains(exception.Key, cycles);
            Assert.Single(Directory.GetFiles(RepositoryRoot.Combine("docs", "adr"), $"{exception.Value}-*.md"));
        });
    }
}
