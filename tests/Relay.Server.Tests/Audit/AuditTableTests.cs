using System.Data.Common;
using Dapper;
using Relay.Server.Audit;
using Relay.Server.Storage;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;

namespace Relay.Server.Tests.Audit;

public sealed class AuditTableTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relay-audit-").FullName;
    private readonly RelayDatabase _database;

    public AuditTableTests() => _database = RelayDatabase.Create(TestDatabases.Open(_root));

    [Fact]
    public void ChangedOrDeletedEntry_IsRefusedByTheDatabase()
    {
        Log(_database).Append(Record("1"));
        using DbConnection connection = _database.Open();

        Assert.ThrowsAny<DbException>(() => connection.Execute("UPDATE audit_log SET line = 'x'"));
        Assert.ThrowsAny<DbException>(() => connection.Execute("DELETE FROM audit_log"));
        Assert.Equal(1, Log(_database).FindLast()!.Value.Sequence);
    }

    /// <summary>A command enters what it does while the relay runs.</summary>
    [Fact]
    public async Task TwoProcesses_AtTheSameTime_ContinueOneChain()
    {
        using RelayDatabase other = RelayDatabase.Open(TestDatabases.Open(_root));
        await Task.WhenAll(
            Task.Run(() => AppendMany(_database)), Task.Run(() => AppendMany(other)), Task.Run(() => AppendMany(_database)));

        AuditVerification verification = new([]);
        Assert.All(Log(_database).ReadLines(0), line => Assert.Null(verification.Add(line)));
        Assert.Equal(60, verification.Count);
    }

    [Fact]
    public void ReadLines_FromAPartOfALongLog_AreThoseAndNoOthers()
    {
        _database.Write((connection, transaction) =>
        {
            for (int i = 1; i <= 2500; i++)
            {
                AuditTable.Append(connection, transaction, Record($"{i}"), TimeProvider.System.GetUtcNow());
            }

            return 0;
        });

        AuditEntry[] found = [.. Log(_database).ReadLines(3, 2100).Select(line => AuditChain.TryRead(line)!)];

        Assert.Equal(Enumerable.Range(4, 2097).Select(i => (long)i), found.Select(entry => entry.Sequence));
        Assert.Empty(Log(_database).ReadLines(2500));
        Assert.Empty(Log(_database).ReadLines(9000, 9001));
    }

    /// <summary>Quotes, line breaks and other scripts stay one line, and come back as they were.</summary>
    [Fact]
    public void Text_OfAnyKind_StaysOneLine()
    {
        const string Text = "a \"b\"\n\\ + <c> ü 漢 \u2028";
        Log(_database).Append(Record(Text));

        string line = Assert.Single(Log(_database).ReadLines(0));
        Assert.DoesNotContain('\n', line);
        Assert.Equal(Text, AuditChain.TryRead(line)!.Subject);
    }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private static void AppendMany(RelayDatabase database)
    {
        for (int i = 0; i < 20; i++)
        {
            Log(database).Append(Record($"{i}"));
        }
    }

    private static AuditLog Log(RelayDatabase database) => new(database, TimeProvider.System);

    private static AuditRecord Record(string subject) => new(AuditEntry.Event, AuditRecord.Relay, "an action", subject);
}
