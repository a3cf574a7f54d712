using System.Data.Common;
using Shared.Platform.Files;

namespace Relay.Server.Storage.Folders;

/// <summary>
/// A data folder whose files the database has. Each change of a file is committed there before the disk has it, in the order in which it is made: the
/// database always has a state that a kill could have left on the disk, and never an older one than the disk. One copy of the files is changed at a
/// time; the others follow it.
/// </summary>
internal sealed class StoredFolder : IFileJournal, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _root;
    private readonly FolderSeal _seal;
    private readonly FolderAccess _access;
    private readonly FolderCommits _commits;
    private readonly FolderTurn _turn;
    private readonly IDisposable? _journal;

    public StoredFolder(DataFolder folder, FolderRecord record, FolderSeal seal, FolderAccess access)
    {
        (_root, _seal, _access) = (folder.Root, seal, access);
        (_commits, _turn) = (new(folder, record, seal, access), new(_root));
        _journal = access is FolderAccess.Follow ? null : FileJournals.Add(_root, this);
    }

    /// <inheritdoc cref="FolderCommits.TakeOver"/>
    public void TakeOver()
    {
        using IDisposable turn = _turn.Take();
        _commits.TakeOver();
    }

    /// <inheritdoc cref="FolderCommits.Follow"/>
    public bool Follow()
    {
        using IDisposable turn = _turn.Take();
        return _commits.Follow();
    }

    /// <inheritdoc cref="FolderCommits.RequireCurrent"/>
    public void RequireCurrent() => _commits.RequireCurrent();

    /// <summary>The copies whose relay was replaced: what it wrote for requests and runs, such as exports, may be on its disk until its process
    /// starts again.</summary>
    public IReadOnlyList<string> FindLeftovers() =>
        _commits.Read((connection, transaction, _) => FolderLeftovers.Find(connection, transaction));

    /// <inheritdoc cref="FolderCommits.EndLeftovers"/>
    public void EndLeftovers(bool hasEnded) => _commits.EndLeftovers(hasEnded);

    /// <inheritdoc cref="StoredFolders.Inspect"/>
    public StoredFolderState Inspect(FolderRecord record) => _commits.Read((connection, transaction, _) =>
    {
        FolderState state = FolderTables.Read(connection, transaction);
        return new StoredFolderState(
            state.Folder == record.Folder, record.Change, state.Change, FolderDifference.Find(_root, connection, transaction));
    });

    /// <summary>Commits what an operator has changed by hand.</summary>
    public IReadOnlyList<FolderDifference> StorePlaced()
    {
        using IDisposable turn = _turn.Take();
        List<FolderDifference> stored = [];
        _commits.Commit(true, (connection, transaction, number) =>
        {
            stored = [.. FolderDifference.Find(_root, connection, transaction).Where(difference => FolderParts.IsPlacedByHand(difference.Name))];
            FolderChange.FromDifferences(_root, stored).Write(connection, transaction, number, _seal);
        });
        return stored;
    }

    /// <summary>Follows for as long as the process runs. What fails is tried again.</summary>
    /// <param name="report">Is told once of each time that it fails.</param>
    public async Task FollowAsync(Action<Exception> report, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Interval);
        for (bool hasFailed = false; await timer.WaitForNextTickAsync(cancellationToken);)
        {
            try
            {
                await Task.Run(Follow, cancellationToken);
                hasFailed = false;
            }
            catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or RelayStartException or InvalidDataException)
            {
                if (!hasFailed)
                {
                    report(e);
                }

                hasFailed = true;
            }
        }
    }

    public bool Apply(FileChange what, Func<bool> change)
    {
        FolderChange written = FolderChange.From(_root, what);
        if (written.IsEmpty || (what.Operation is FileOperation.Link && Path.Exists(what.Path)))
        {
            return change();
        }

        if (_access is FolderAccess.AddArtifacts && !written.IsOfTraining)
        {
            throw new IOException($"A process that trains does not change '{what.Path}'.");
        }

        using IDisposable turn = _turn.Take();
        _commits.Commit(!written.IsOnDemand, (connection, transaction, number) => written.Write(connection, transaction, number, _seal));
        bool isMade = false;
        try
        {
            isMade = change();
            return isMade;
        }
        finally
        {
            if (!isMade)
            {
                _commits.Undo();
            }
        }
    }

    public void Put(string path) => Apply(new(FileOperation.Rename, path, path), () => true);

    public IReadOnlyList<string> List(string folder) => _commits.Read((connection, transaction, _) =>
        FolderTables.List(connection, transaction, FolderParts.NameOf(_root, folder) + "/").Select(file => Path.Combine(_root, file.Path)).ToList());

    public bool TryFetch(string path)
    {
        string name = FolderParts.NameOf(_root, path);
        using IDisposable turn = _turn.Take();
        return FolderParts.Contains(name) && _commits.Read((connection, transaction, copy) =>
        {
            if (FolderTables.Find(connection, transaction, name) is not { } file)
            {
                return false;
            }

            copy.Fetch(connection, transaction, file, []);
            return true;
        });
    }

    public bool Touch(string path, DateTimeOffset now)
    {
        string name = FolderParts.NameOf(_root, path);
        bool isThere = false;
        using IDisposable turn = _turn.Take();
        _commits.Commit(true, (connection, transaction, number) =>
            isThere = FolderTables.Touch(connection, transaction, name, now.ToUnixTimeMilliseconds(), number));
        return isThere;
    }

    public void Dispose()
    {
        _journal?.Dispose();
        _turn.Dispose();
        _commits.Dispose();
    }
}
