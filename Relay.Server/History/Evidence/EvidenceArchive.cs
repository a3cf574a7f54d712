using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relay.Server.History.Trust;
using Relay.Server.Repository.Mirroring;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.History.Evidence;

/// <summary>Writes all that proves an answer as one tar archive: it verifies without the relay.</summary>
internal sealed class EvidenceArchive(DataFolder folder)
{
    private const UnixFileMode FileMode644 =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly PastFileSource _files = new(folder.Repository);

    /// <param name="artifacts">False leaves the artifacts out.</param>
    public async Task WriteAsync(NodeHistoryAnswer answer, bool artifacts, Stream to, CancellationToken cancellationToken)
    {
        SortedDictionary<string, byte[]> written = new(StringComparer.Ordinal)
        {
            [EvidenceFolder.ReadMe] = Encoding.UTF8.GetBytes(EvidenceText.Create(answer)),
            [EvidenceFolder.Answer] = JsonSerializer.SerializeToUtf8Bytes(answer, RelayApiJson.Default.NodeHistoryAnswer),
        };
        NodeHistoryReport?[] reports = [answer.Before, answer.After];
        for (int i = 0; i < reports.Length; i++)
        {
            if (reports[i] is { } report)
            {
                AddReport(written, EvidenceFolder.Reports[i], report);
            }
        }

        await using TarWriter tar = new(to, TarEntryFormat.Pax, leaveOpen: true);
        foreach ((string name, byte[] content) in written)
        {
            await WriteAsync(tar, name, new MemoryStream(content, writable: false), cancellationToken);
        }

        foreach (NodeHistoryFile file in reports
            .SelectMany(report => report?.Belief?.Files ?? []).DistinctBy(file => file.Path)
            .Where(file => artifacts || file.Role != "artifact").OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            // One that is gone or cannot be read is missing in the archive, and the verification says so.
            if (await OpenAsync(file, cancellationToken) is { } content)
            {
                await using (content)
                {
                    await WriteAsync(tar, file.Path, content, cancellationToken);
                }
            }
        }
    }

    private static void AddReport(SortedDictionary<string, byte[]> written, string name, NodeHistoryReport report)
    {
        byte[] text = Encoding.UTF8.GetBytes(report.Text);
        written[$"{name}/{EvidenceFolder.CheckIn}"] = text;
        if (report.Request is not { } request)
        {
            return;
        }

        written[$"{name}/{EvidenceFolder.Request}"] = JsonSerializer.SerializeToUtf8Bytes(request, RelayApiJson.Default.SignedCheckIn);
        written[$"{name}/{EvidenceFolder.Key}"] =
            Encoding.ASCII.GetBytes(new string(PemEncoding.Write("PUBLIC KEY", Convert.FromBase64String(request.PublicKey))) + "\n");
        if (CheckInProof.Verify(request, text).Request is { } signed)
        {
            written[$"{name}/{EvidenceFolder.SignatureBase}"] = signed.Signature.SignatureBase(signed.Components);
            written[$"{name}/{EvidenceFolder.Signature}"] = signed.Signature.ToDer();
        }
    }

    private async Task<Stream?> OpenAsync(NodeHistoryFile file, CancellationToken cancellationToken)
    {
        if (file.Role == "artifact")
        {
            return new FolderFileSource(folder.Repository).Open(file.Path, file.Length);
        }

        return await _files.ReadAsync(file.Path, file.Length, cancellationToken) is { } content ? new MemoryStream(content, writable: false) : null;
    }

    private static Task WriteAsync(TarWriter tar, string name, Stream content, CancellationToken cancellationToken) => tar.WriteEntryAsync(
        new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = FileMode644, ModificationTime = DateTimeOffset.UnixEpoch },
        cancellationToken);
}
