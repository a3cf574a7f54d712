using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Keys.Signers;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Audit;

/// <summary>Signs the end of the audit log by the key that signs models, so that stock OpenSSL and what nodes pin verify it.</summary>
internal sealed class AuditHeads(RelayDatabase database, AuditLog audit, ArtifactSigner signer, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();

    /// <summary>The head of the log as it is now; null for an empty log.</summary>
    /// <exception cref="SigningException">The key cannot be reached.</exception>
    public SignedAuditHead? Sign()
    {
        lock (_lock)
        {
            if (audit.FindLast() is not { } last)
            {
                return null;
            }

            if (Find(last.Sequence) is { } known)
            {
                return known;
            }

            byte[] document = JsonSerializer.SerializeToUtf8Bytes(
                new AuditHead(last.Sequence, last.Hash, timeProvider.GetUtcNow()), RelayApiJson.Default.AuditHead);
            SignedAuditHead head = new(document, signer.Sign(document));
            database.Write((connection, transaction) => connection.Execute(
                "INSERT INTO audit_heads (sequence, document, signature) VALUES (@Sequence, @Document, @Signature)",
                new { last.Sequence, head.Document, head.Signature }, transaction));
            return head;
        }
    }

    /// <summary>Heads after the cursor, the oldest first.</summary>
    public IReadOnlyList<(long Sequence, SignedAuditHead Head)> List(long after, int limit)
    {
        using DbConnection connection = database.Open();
        return
        [
            .. connection
                .Query<(long Sequence, byte[] Document, byte[] Signature)>(
                    "SELECT sequence, document, signature FROM audit_heads WHERE sequence > @after ORDER BY sequence LIMIT @limit",
                    new { after, limit })
                .Select(row => (row.Sequence, new SignedAuditHead(row.Document, row.Signature))),
        ];
    }

    private SignedAuditHead? Find(long sequence) =>
        List(sequence - 1, 1) is [(long found, SignedAuditHead head)] && found == sequence ? head : null;
}
