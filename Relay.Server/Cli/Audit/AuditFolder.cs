using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Relay.Server.Audit;
using Relay.Server.Datasets.Uploads;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;
using Shared.Contracts.Cms;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Audit;

/// <summary>The files of an exported audit log.</summary>
internal static class AuditFolder
{
    public const string Log = "audit.ndjson";
    public const string Head = "head.json";
    public const string Signature = "head.json.p7s";
    public const string Anchors = "anchors.pem";

    private const int HeadBytes = 4096;
    private const int AnchorBytes = 1 << 20;

    /// <summary>The head in a folder of <c>relay audit export</c>, when its signature verifies.</summary>
    /// <param name="anchors">The caller's own anchors; null: those in the folder.</param>
    /// <exception cref="CommandException">It is not there, or does not verify.</exception>
    public static AuditHead ReadHead(string folder, string? anchors, DateTimeOffset now)
    {
        byte[] document = BoundedFile.Read(Path.Combine(folder, Head), HeadBytes, $"the {Head} of 'relay audit export'");
        byte[] signature = BoundedFile.Read(
            Path.Combine(folder, Signature), TrustBounds.SignatureFileBytes, $"the {Signature} of 'relay audit export'");
        byte[] pem = BoundedFile.Read(anchors ?? Path.Combine(folder, Anchors), AnchorBytes, "certificates in PEM");
        if (CmsVerifier.Verify(document, signature, TrustAnchors.Read(pem).ValueOrThrow(), now, Head) is { } refusal)
        {
            throw new CommandException(DisplayText.Format(
                $"{Path.Combine(folder, Head)}: its signature does not verify: {refusal.Reason}, {refusal.Detail}."));
        }

        return Read(document);
    }

    /// <summary>The head of a document whose signature was verified.</summary>
    public static AuditHead Read(byte[] document) =>
        JsonSerializer.Deserialize(document, RelayApiJson.Default.AuditHead) ?? throw new CommandException($"{Head} is null.");

    /// <summary>Verifies the lines of a log and the heads that must be in it.</summary>
    /// <exception cref="CommandException">One does not follow, or a head is not in it.</exception>
    public static AuditVerification VerifyLog(string file, IEnumerable<AuditHead> heads, CancellationToken cancellationToken)
    {
        AuditVerification verification = new(heads);
        using BoundedLines lines = new(RegularFile.OpenRead(file), AuditChain.MaximumLine);
        string? error = null;
        while (error is null && lines.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            error = lines.IsTooLong ? $"line {lines.Number} has more than {AuditChain.MaximumLine} bytes"
                : lines.IsCut ? $"line {lines.Number} has no end: the file was cut"
                : !Utf8.IsValid(lines.Line) ? $"line {lines.Number} is not UTF-8"
                : verification.Add(Encoding.UTF8.GetString(lines.Line));
        }

        return (error ?? verification.End()) is { } wrong
            ? throw new CommandException(DisplayText.Format($"{file} does NOT verify: {wrong}."))
            : verification;
    }
}
