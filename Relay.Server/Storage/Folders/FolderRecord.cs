using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Platform.Files;

namespace Relay.Server.Storage.Folders;

/// <summary>What a folder says of itself, where the database has its files: which copy it is, of which database, and up to which change.</summary>
internal sealed class FolderRecord
{
    public const string FileName = "folder.json";
    public const string ChangeName = "folder.change";
    public const string LockName = "folder.lock";

    private readonly string _root;
    private readonly FolderIdentity _identity;

    private FolderRecord(string root, FolderIdentity identity) => (_root, _identity) = (root, identity);

    /// <summary>The name of this copy.</summary>
    public string Folder => _identity.Folder;

    /// <summary>The number by which the database is known again.</summary>
    public long Database => _identity.Database;

    /// <summary>The change up to which the files here are those of the database; 0 where that is not known. It is written without a flush: a power
    /// cut may leave an older number, or none.</summary>
    public long Change
    {
        get => File.Exists(ChangePath) && long.TryParse(File.ReadAllText(ChangePath), CultureInfo.InvariantCulture, out long change)
            ? change
            : 0;
        set
        {
            File.WriteAllText(ChangePath + ".tmp", value.ToString(CultureInfo.InvariantCulture));
            File.Move(ChangePath + ".tmp", ChangePath, overwrite: true);
        }
    }

    private string ChangePath => Path.Combine(_root, ChangeName);

    /// <summary>Null for a folder whose files no database has.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static FolderRecord? Find(string root)
    {
        string path = Path.Combine(root, FileName);
        try
        {
            return File.Exists(path)
                ? new(root, JsonSerializer.Deserialize(File.ReadAllBytes(path), FolderRecordJson.Default.FolderIdentity)!)
                : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is damaged: give this relay an empty data folder, which it fills from the database.", e);
        }
    }

    public static FolderRecord Create(string root, long database)
    {
        FolderIdentity identity = new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), database);
        new DurableFiles { IsJournaled = false }.Replace(
            Path.Combine(root, FileName), JsonSerializer.SerializeToUtf8Bytes(identity, FolderRecordJson.Default.FolderIdentity),
            DurableFiles.OwnerFile);
        return new(root, identity);
    }
}

/// <param name="Folder">The name of the copy.</param>
/// <param name="Database">The identity of the database.</param>
internal sealed record FolderIdentity(string Folder, long Database);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FolderIdentity))]
internal sealed partial class FolderRecordJson : JsonSerializerContext;
