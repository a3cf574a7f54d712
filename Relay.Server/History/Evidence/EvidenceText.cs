using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.History.Evidence;

/// <summary>The first page of the evidence, for those who open the archive.</summary>
internal static class EvidenceText
{
    public static string Create(NodeHistoryAnswer answer) => DisplayText.Escape(answer.Detail) + "\n\n" + """
        Nothing here has to be believed: it verifies without the relay that wrote it.

        answer.json             the relay's answer; the rest proves it
        before/, after/         the node's reports next to the time of the question
          check-in.json         the text, to the byte as the node signed it
          request.json          the parts of the request that the signature covers (RFC 9421), and the signature
          node-key.pem          the key that was enrolled under the node's name
          signature-base.txt    the bytes that the node signed
          signature.der         the signature, as tools take it
        metadata/, targets/     the signed documents by which the node chose what it ran, named as in a TUF repository; timestamps
                                have their version in their names

        With Relay, step by step:

          relay verify-history . --root root.json --node-key node-key.pem

        root.json is your own copy of a root of this relay, of the time of the report or before; node-key.pem is your own copy of the node's
        public key. Without them the first root and the key are taken from here.

        With OpenSSL, in the folder before:

          openssl dgst -sha256 -verify node-key.pem -signature signature.der signature-base.txt
          openssl dgst -sha256 -binary check-in.json | openssl base64

        The second line prints what signature-base.txt has between the colons of content-digest. The member metadata of check-in.json has the
        version and the SHA-256 of metadata/VERSION.timestamp.json; from there each document has the digests of the next. The artifacts are
        verified with targets/trust/HASH.anchors.pem:

          openssl cms -verify -binary -inform DER -in HASH.model.onnx.p7s -content HASH.model.onnx -CAfile HASH.anchors.pem -out /dev/null

        """;
}
