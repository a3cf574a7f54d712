using System.Data;
using System.Data.Common;
using Npgsql;
using Relay.Server.Storage.Postgres;

namespace Relay.Server.Storage.Folders;

/// <summary>Commits changes of the files that the database has, and brings a copy of them to their last state. Its callers take turns.</summary>
internal sealed class FolderCommits : IDisposable
{
    private readonly string _root;
    private readonly FolderRecord _record;
    private readonly FolderSeal _seal;
    private readonly FolderAccess _access;
    private readonly NpgsqlDataSource _source;
    private readonly FolderCopy _copy;

    // The record is behind by the last change, whose name may not be on the disk yet.
    private long _change;

    public FolderCommits(DataFolder folder, FolderRecord record, FolderSeal seal, FolderAccess access)
    {
        (_root, _record, _seal, _access) = (folder.Root, record, seal, access);
        _source = NpgsqlDataSource.Create(PostgresSettings.Read(folder.Server!));
        (_copy, _change) = (new(_root, seal, folder.Digests), record.Change);
    }

    /// <summary>Makes this copy the one that is changed, and brings it to the last state.</summary>
    public void TakeOver()
    {
        bool wasCurrent;
        using (DbConnection connection = Open())
        using (DbTransaction transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted))
        {
            // From here on a relay that was replaced, and commands on its folder, change nothing more.
            FolderState state = FolderTables.ReadToChange(connection, transaction);
            RequireNewer(state);
            wasCurrent = state.Folder == _record.Folder;
            FolderLeftovers.TakeOver(connection, transaction, state, _record.Folder);
            transaction.Commit();
        }

        // What an operator placed in the folder while the relay was stopped stays.
        Pull((copy, since) => wasCurrent ? copy.KeepingPlaced(since) : copy.Whole());
    }

    /// <summary>Brings a copy that is not the one that is changed to the last state.</summary>
    /// <returns>False where there was nothing to do.</returns>
    public bool Follow()
    {
        FolderState state = Read();
        if (state.Folder == _record.Folder || state.Change == _change)
        {
            return false;
        }

        Pull((copy, _) => copy.Whole());
        return true;
    }

    /// <exception cref="RelayStartException">Another copy is the one that is changed.</exception>
    public void RequireCurrent()
    {
        if (Read().Folder != _record.Folder)
        {
            throw new RelayStartException(
                $"'{_root}' is a copy that follows the folder of the relay that works: give this command on the machine of that relay.");
        }
    }

    /// <param name="isFollowed">Whether the copies of the files have to follow.</param>
    /// <param name="write">Gets the number of the change.</param>
    /// <exception cref="IOException">Another copy is the one that is changed.</exception>
    public void Commit(bool isFollowed, Action<DbConnection, DbTransaction, long> write)
    {
        while (true)
        {
            using (DbConnection connection = Open())
            using (DbTransaction transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted))
            {
                FolderState state = FolderTables.ReadToChange(connection, transaction);
                bool isChange = isFollowed && _access is FolderAccess.Change;
                if (isChange && state.Folder != _record.Folder)
                {
                    throw new IOException($"Another relay changes the files of the data folder now: '{_root}' is a copy that follows it.");
                }

                if (!isChange || state.Change == _change)
                {
                    Note();
                    write(connection, transaction, state.Change + 1);
                    if (isFollowed)
                    {
                        FolderTables.Count(connection, transaction);
                    }

                    transaction.Commit();
                    _change += isChange ? 1 : 0;
                    return;
                }
            }

            // A process that trains has added something, or one that was killed has committed what the disk does not have.
            Pull((copy, since) => copy.Since(since));
        }
    }

    /// <summary>Notes that this copy has no copies of samples.</summary>
    /// <param name="hasEnded">Whether the relay that works with it has ended.</param>
    public void EndLeftovers(bool hasEnded)
    {
        using DbConnection connection = Open();
        using DbTransaction transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        FolderLeftovers.Delete(connection, transaction, _record.Folder);
        if (hasEnded)
        {
            FolderLeftovers.Leave(connection, transaction, _record.Folder);
        }

        transaction.Commit();
    }

    /// <summary>The disk has the last change no longer: it is fetched before the next.</summary>
    public void Undo() => _change = _record.Change;

    /// <summary>Reads what one state of the database has.</summary>
    public T Read<T>(Func<DbConnection, DbTransaction, FolderCopy, T> read)
    {
        using DbConnection connection = Open();
        using DbTransaction transaction = RelayDatabase.BeginRead(connection);
        return read(connection, transaction, _copy);
    }

    public void Dispose() => _source.Dispose();

    private FolderState Read() => Read((connection, transaction, _) => FolderTables.Read(connection, transaction));

    private void Pull(Func<FolderCopy, long, FolderPull> select) => Read((connection, snapshot, copy) =>
    {
        FolderState state = FolderTables.Read(connection, snapshot);
        FolderTables.RequireKey(state, _seal);
        RequireNewer(state);
        copy.Pull(connection, snapshot, select(copy, _change));
        _change = state.Change;
        Note();
        return true;
    });

    private void RequireNewer(FolderState state)
    {
        if (state.Change < _record.Change)
        {
            throw new RelayStartException(
                $"The files of the data folder in the database are older than '{_root}': they are at change {state.Change}, and the folder at "
                + $"{_record.Change}. Where the database was restored, restore a newer backup of it, or a backup of the relay.");
        }
    }

    private void Note()
    {
        if (_record.Change != _change)
        {
            _record.Change = _change;
        }
    }

    private PostgresConnection Open() => new(_source.OpenConnection());
}
