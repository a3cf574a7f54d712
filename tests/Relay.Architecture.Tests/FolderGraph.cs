namespace Relay.Architecture.Tests;

/// <summary>Which sibling folder uses which, one graph for each folder that has subfolders. Types directly in a project's folder are its
/// public API and belong to no graph.</summary>
internal sealed class FolderGraph
{
    // Parent folder, then user and used among its subfolders, with the files that show it.
    private readonly SortedDictionary<string, Dictionary<(string User, string Used), List<string>>> _uses = new(StringComparer.Ordinal);

    public static FolderGraph Read(string project)
    {
        FolderGraph graph = new();
        foreach (SourceFile file in SourceFile.ReadAll(project))
        {
            foreach (string used in file.UsedNamespaces.Where(name => name.StartsWith(project + ".", StringComparison.Ordinal)))
            {
                graph.Add(project, file, used[(project.Length + 1)..].Split('.'));
            }
        }

        return graph;
    }

    /// <summary>The cycles, each as the parent folder and the sorted names of its subfolders in the cycle, with what closes it.</summary>
    public IEnumerable<FolderCycle> FindCycles()
    {
        foreach ((string parent, Dictionary<(string User, string Used), List<string>> uses) in _uses)
        {
            string[] folders = [.. uses.Keys.Select(use => use.User).Distinct().Order(StringComparer.Ordinal)];
            Dictionary<string, HashSet<string>> reached = folders.ToDictionary(folder => folder, folder => Reach(uses.Keys, folder));
            HashSet<string> done = [];
            foreach (string folder in folders.Where(folder => reached[folder].Contains(folder)))
            {
                string[] members = [.. folders.Where(other => reached[folder].Contains(other) && reached[other].Contains(folder))];
                if (done.Add(members[0]))
                {
                    yield return new FolderCycle(
                        $"{parent}: {string.Join(", ", members)}",
                        [.. uses.Where(use => members.Contains(use.Key.User) && members.Contains(use.Key.Used))
                            .Select(use => $"{use.Key.User} uses {use.Key.Used} in {string.Join(", ", use.Value)}")]);
                }
            }
        }
    }

    private static HashSet<string> Reach(IReadOnlyCollection<(string User, string Used)> uses, string from)
    {
        HashSet<string> reached = [];
        Queue<string> open = new([from]);
        while (open.TryDequeue(out string? at))
        {
            foreach ((_, string used) in uses.Where(use => use.User == at && reached.Add(use.Used)))
            {
                open.Enqueue(used);
            }
        }

        return reached;
    }

    private void Add(string project, SourceFile file, string[] used)
    {
        string[] own = file.Folders;
        int shared = own.Zip(used).TakeWhile(pair => pair.First == pair.Second).Count();
        if (shared == own.Length || shared == used.Length)
        {
            return;                             // one is inside the other
        }

        string parent = string.Join('/', [project, .. own[..shared]]);
        if (!_uses.TryGetValue(parent, out Dictionary<(string User, string Used), List<string>>? uses))
        {
            _uses.Add(parent, uses = []);
        }

        if (!uses.TryGetValue((own[shared], used[shared]), out List<string>? files))
        {
            uses.Add((own[shared], used[shared]), files = []);
        }

        files.Add(file.Path);
    }
}
