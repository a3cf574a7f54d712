using System.Data.Common;
using Dapper;
using Relay.Server.Cli;
using Relay.Server.Storage;
using Relay.Server.Tests.Cli;

namespace Relay.Server.Tests.Hosting;

/// <summary>What <c>relay doctor</c> says of a copy of a stopped relay in which one thing is wrong.</summary>
public sealed class FolderDoctorTests : IDisposable
{
    private readonly StoppedRelayCopy _relay;

    public FolderDoctorTests(StoppedRelay relay) => _relay = new(relay);

    public void Dispose() => _relay.Dispose();

    [Fact]
    public async Task WholeFolder_HasNoFinding()
    {
        RelayCommandRun run = await RunAsync();

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("Database, files, audit log, expiries and disk: nothing is wrong.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelWithAChangedByte_IsNamed()
    {
        string model = Directory.EnumerateFiles(Path.Combine(_relay.Data, "repository", "targets", "models"), "*.onnx", SearchOption.AllDirectories)
            .First();
        byte[] bytes = await File.ReadAllBytesAsync(model);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(model, bytes);

        await AssertFoundAsync("files: 'repository/targets/models/", "is damaged; copy it back from a backup");
    }

    [Fact]
    public async Task MissingArtifact_IsNamed()
    {
        File.Delete(Directory.EnumerateFiles(Path.Combine(_relay.Data, "artifacts")).Order(StringComparer.Ordinal).First());

        await AssertFoundAsync("files: 'artifacts/", "is missing; copy it back from a backup");
    }

    [Fact]
    [Trait("Attack", "audit-rewritten")]
    public async Task EntryOfTheAuditLogThatWasChanged_IsFound()
    {
        Execute("DROP TRIGGER audit_log_update; UPDATE audit_log SET line = replace(line, '\"at\":\"20', '\"at\":\"19') WHERE sequence = 1");

        await AssertFoundAsync("audit log: entry 2 does not follow entry 1", "keep this folder as evidence");
    }

    [Fact]
    [Trait("Attack", "audit-cut")]
    public async Task AuditLogThatWasCut_IsFound()
    {
        Execute(
            """
            INSERT OR REPLACE INTO audit_heads (sequence, document, signature)
            SELECT sequence, CAST(json_object('sequence', sequence, 'hash', hash, 'at', '2026-01-31T12:00:00Z') AS BLOB), x'00' FROM audit_log
            ORDER BY sequence DESC LIMIT 1;
            DROP TRIGGER audit_log_delete;
            DELETE FROM audit_log WHERE sequence = (SELECT max(sequence) FROM audit_log);
            """);

        await AssertFoundAsync("audit log: the log ends with entry", "entries were taken away");
    }

    [Fact]
    public async Task DamagedDatabase_IsFound()
    {
        string database = new DataFolder(_relay.Data).Database;
        byte[] bytes = await File.ReadAllBytesAsync(database);
        Array.Fill(bytes, (byte)0x5a, 8192, 4096);
        await File.WriteAllBytesAsync(database, bytes);

        await AssertFoundAsync("database: ", "restore it from a backup");
    }

    private async Task AssertFoundAsync(params string[] parts)
    {
        RelayCommandRun run = await RunAsync();

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.All(parts, part => Assert.Contains(part, run.Output + run.Error, StringComparison.Ordinal));
    }

    private Task<RelayCommandRun> RunAsync() => RelayCommandRun.RunAsync("doctor", "--data", _relay.Data);

    private void Execute(string sql)
    {
        using RelayDatabase database = RelayDatabase.Open(new DataFolder(_relay.Data));
        using DbConnection connection = database.Open();
        connection.Execute(sql);
    }
}
