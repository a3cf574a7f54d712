using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Platform.Files;

namespace Relay.Server.Keys.Encryption;

/// <summary>What is being done to a key folder.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyFolderChange>))]
internal enum KeyFolderChange
{
    None,
    Encrypting,
    Decrypting,
}

/// <summary>The file <c>encryption.json</c> of a key folder: its keys are under the passphrase of a file elsewhere. Whatever reads the folder finds
/// the passphrase by it.</summary>
internal sealed record KeyPassphrase
{
    public const string FileName = "encryption.json";

    private const int MinimumLength = 20;
    private const int MaximumBytes = 1024;

    /// <summary>The full path of the file with the passphrase.</summary>
    public required string PassphraseFile { get; init; }

    /// <summary>Whether keys may be in both forms, because a change was begun.</summary>
    public KeyFolderChange Change { get; init; }

    /// <summary>Null for a folder whose keys are not encrypted.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static KeyPassphrase? Find(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), KeyPassphraseJson.Default.KeyPassphrase)
                ?? throw new InvalidDataException($"'{path}' is damaged: it is null.");
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"'{path}' is damaged: {JsonErrorText.Describe(damaged)}", damaged);
        }
    }

    /// <exception cref="InvalidDataException">The keys of the folder are not encrypted, or the file is damaged.</exception>
    public static KeyPassphrase Require(string folder) => Find(folder) ?? throw new InvalidDataException(
        $"The keys in '{folder}' are not encrypted: encrypt them by 'relay keys encrypt', or leave out --key-passphrase-file.");

    /// <summary>The passphrase that opens keys of a folder; null where none is encrypted.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static string? ToRead(string folder) => Find(folder)?.Read();

    /// <summary>The passphrase under which new keys of a folder are written; null: they are not encrypted.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static string? ToWrite(string folder) =>
        Find(folder) is { Change: not KeyFolderChange.Decrypting } found ? found.Read() : null;

    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public string Read()
    {
        try
        {
            return ReadFile(PassphraseFile);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(
                $"{e.Message} Where it has moved, say so once: 'relay keys encrypt --key-passphrase-file FILE', or that option of 'relay serve'.", e);
        }
    }

    /// <exception cref="InvalidDataException">There is no such file, or it has no usable passphrase.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            string text = Encoding.UTF8.GetString(RegularFile.ReadBounded(path, MaximumBytes) ?? []).TrimEnd('\r', '\n');
            return text.Length >= MinimumLength && DisplayText.IsPlain(text)
                ? text
                : throw new InvalidDataException(
                    $"'{path}' has no passphrase: expected one line of {MinimumLength} characters or more, at most {MaximumBytes} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The file of the keys' passphrase cannot be read: {e.Message}", e);
        }
    }

    public void Write(string folder, DurableFiles files) => files.Replace(
        Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, KeyPassphraseJson.Default.KeyPassphrase), DurableFiles.OwnerFile);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KeyPassphrase))]
internal sealed partial class KeyPassphraseJson : JsonSerializerContext;
