import Link from "next/link";

export default function Missing() {
  return (
    <>
      <h1>Esta página não existe</h1>
      <p>O endereço pode ter mudado, ou estar escrito de outro modo.</p>
      <Link className="button start" href="/">Ir para o Início</Link>
    </>
  );
}
