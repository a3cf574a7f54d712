using System.Data.Common;
using Dapper;

namespace Relay.Server.Storage.Folders;

/// <summary>The copies of the files whose relay was killed: what it wrote for requests and runs may be on their disks.</summary>
internal static class FolderLeftovers
{
    /// <summary>Makes a copy the one that is changed. It has no copies of samples; that of a relay which did not end as asked may have
    /// some.</summary>
    public static void TakeOver(DbConnection connection, DbTransaction transaction, FolderState state, string own)
    {
        Delete(connection, transaction, own);
        if (state.Folder != own && !state.IsLeft)
        {
            connection.Execute(
                "INSERT INTO relay_folder.leftovers (folder) VALUES (@Folder) ON CONFLICT DO NOTHING", new { state.Folder }, transaction);
        }

        connection.Execute("UPDATE relay_folder.state SET folder = @own, is_left = FALSE", new { own }, transaction);
    }

    /// <summary>Notes that the relay of the copy that is changed has ended, and that its disk has no copies of samples.</summary>
    public static void Leave(DbConnection connection, DbTransaction transaction, string own) =>
        connection.Execute("UPDATE relay_folder.state SET is_left = TRUE WHERE folder = @own", new { own }, transaction);

    public static void Delete(DbConnection connection, DbTransaction transaction, string own) =>
        connection.Execute("DELETE FROM relay_folder.leftovers WHERE folder = @own", new { own }, transaction);

    public static IReadOnlyList<string> Find(DbConnection connection, DbTransaction transaction) =>
        [.. connection.Query<string>("SELECT folder FROM relay_folder.leftovers ORDER BY folder", transaction: transaction)];
}
