import type { Session } from './session.ts';

const PICTURE = /^data:image\/(png|jpeg);base64,[A-Za-z0-9+/]+=*$/;

/**
 * The picture of the company that runs the broker (M-013), looked at once for each sign-in. Dispatches `change` when it is another
 * one than before; without one, or when it cannot be had, it is empty and nothing is said about it.
 */
export class Logo extends EventTarget {
  /** A data URI, or empty. */
  image = '';
  #of: string | undefined;

  constructor(session: Session) {
    super();
    session.addEventListener('change', () => {
      const user = session.state === 'open' ? session.user : undefined;
      if (session.state !== 'expired' && user !== this.#of) {
        this.#of = user;
        void this.#look(session, user);
      }
    });
  }

  async #look(session: Session, user: string | undefined): Promise<void> {
    let image = '';
    if (user !== undefined) {
      try {
        image = (await session.call<{ image?: string }>('GET', '/api/usermgmt/getCompanyLogo')).image ?? '';
      } catch {
        return; // the page is of use without it
      }
    }
    if (this.#of === user) {
      this.image = PICTURE.test(image) ? image : '';
      this.dispatchEvent(new Event('change'));
    }
  }
}
