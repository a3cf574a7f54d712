namespace Shared.Contracts.Nodes;

/// <summary>Why a request has no signature that can be checked.</summary>
/// <param name="Detail">For people.</param>
public sealed record SignatureRefusal(SignatureFault Fault, string Detail);

/// <summary>What is wrong with a signature or with the request that carries it.</summary>
public enum SignatureFault
{
    /// <summary>The method or the target of the request cannot be signed.</summary>
    Request,

    /// <summary>The digest of the body is missing or not in its one form, or there is one without a body.</summary>
    ContentDigest,

    /// <summary>The header <c>Signature-Input</c> is not in the one form that is accepted.</summary>
    InputMalformed,

    /// <summary>The signature covers too little, too much, or in another order.</summary>
    Components,

    /// <summary>Another algorithm.</summary>
    Algorithm,

    /// <summary>The signature was made for another purpose.</summary>
    Tag,

    /// <summary>The key id is no id of a node.</summary>
    KeyId,

    /// <summary>The time of the signature is no time.</summary>
    Created,

    /// <summary>The header <c>Signature</c> is not one signature of 64 bytes.</summary>
    SignatureMalformed,
}
