using System.Text;
using Dapper;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Relay.Server.Storage.Postgres;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage.Folders;

/// <summary>Who reads or writes the database gets no key of the relay, and gives it none.</summary>
public sealed class FolderSecretTests : IDisposable
{
    private readonly FolderScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("Attack", "folder-database-read")]
    public void Store_Keys_AreNotInTheDatabaseInClear()
    {
        FolderScene.Write(_scene.First, "tls/server.key", "a key of TLS");
        FolderScene.Write(_scene.First, "signer.json", "a pin");
        using PostgresConnection connection = PostgresDatabase.Connect(_scene.Server);

        string[] texts = [.. connection.Query<byte[]>("SELECT secret FROM relay_folder.files WHERE secret IS NOT NULL")
            .Concat(connection.Query<byte[]>("SELECT content FROM relay_folder.contents"))
            .Select(Encoding.Latin1.GetString)];

        Assert.Equal(3, connection.ExecuteScalar<int>("SELECT count(*) FROM relay_folder.files WHERE secret IS NOT NULL"));
        Assert.All(
            (string[])["a key", "a key of TLS", "a pin"],
            secret => Assert.DoesNotContain(texts, content => content.Contains(secret, StringComparison.Ordinal)));
        Assert.Contains("a model", texts);
    }

    [Fact]
    [Trait("Attack", "folder-database-write")]
    public void Follow_KeyOfAnotherName_IsRefused()
    {
        FolderScene.Write(_scene.First, "keys/snapshot.pem", "another key");
        Execute(
            """
            UPDATE relay_folder.files SET (secret, sha256) = (SELECT secret, sha256 FROM relay_folder.files WHERE path = 'keys/snapshot.pem')
            WHERE path = 'keys/timestamp.pem'
            """);

        Assert.Throws<RelayStartException>(() => StoredFolders.TakeOver(_scene.Create("second")));
    }

    [Fact]
    [Trait("Attack", "folder-database-write")]
    public void Follow_KeyThatIsNotSealed_IsRefused()
    {
        Execute(
            """
            INSERT INTO relay_folder.contents (sha256, content) VALUES (encode(sha256('forged'::bytea), 'hex'), 'forged');
            UPDATE relay_folder.files SET secret = NULL, sha256 = encode(sha256('forged'::bytea), 'hex') WHERE path = 'keys/timestamp.pem'
            """);
        DataFolder second = _scene.Create("second");

        Assert.Throws<InvalidDataException>(() => StoredFolders.TakeOver(second));

        Assert.Null(FolderScene.Read(second, "keys/timestamp.pem"));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("keys/../../outside")]
    [InlineData("relay.db")]
    [InlineData("uploads/x")]
    [InlineData("runs/..")]
    [InlineData("checkpoints/.hidden")]
    [InlineData("/etc/outside")]
    [Trait("Attack", "folder-database-write")]
    public void Follow_PathThatIsNoPart_IsRefused(string path)
    {
        Execute($"UPDATE relay_folder.files SET path = '{path}' WHERE path LIKE 'artifacts/%'");
        DataFolder second = _scene.Create("second");

        Assert.Throws<InvalidDataException>(() => StoredFolders.TakeOver(second));

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(second.Root)!, "outside", SearchOption.AllDirectories));
    }

    [Fact]
    [Trait("Attack", "folder-database-write")]
    public void Follow_ContentThatWasChanged_IsRefused()
    {
        Execute("UPDATE relay_folder.contents SET content = 'changed'");

        Assert.Throws<InvalidDataException>(() => StoredFolders.TakeOver(_scene.Create("second")));
    }

    [Fact]
    public void Open_OtherKey_IsRefused()
    {
        _scene.WriteKey("other.key");

        RelayStartException refused = Assert.Throws<RelayStartException>(() => StoredFolders.TakeOver(_scene.Create("second", "other.key")));

        Assert.Contains("--folder-key-file", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("zz34567890123456789012345678901234567890123456789012345678901234")]
    public void Read_KeyFileOfAnotherForm_IsRefused(string text)
    {
        File.WriteAllText(_scene.First.FolderKeyFile!, text);

        RelayStartException refused = Assert.Throws<RelayStartException>(() => FolderSeal.Read(_scene.First.FolderKeyFile!));

        Assert.Contains("openssl rand -hex 32", refused.Message, StringComparison.Ordinal);
    }

    private void Execute(string sql) => PostgresServer.Shared.Execute(_scene.Server, sql);
}
